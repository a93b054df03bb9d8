package io.onebox.controller.auth;

import java.util.Set;

/// Who asks, and what he may do. The one place where that is decided.
///
/// @param name `user:alice` or `token:0a1b`
/// @param login the account behind it
/// @param permissions those of the role, less what a token's scopes leave out
public record Subject(String name, String login, Set<Permission> permissions) {

    public Subject {
        permissions = Set.copyOf(permissions);
    }

    /// Whether he may.
    public boolean may(Permission permission) {
        return permissions.contains(permission);
    }
}
