package io.onebox.controller.auth;

import java.util.Set;

/// Who asks, and what he may do. Whether it is enough, a [Need] decides.
///
/// @param name `user:alice` or `token:0a1b`
/// @param login the account behind it
/// @param permissions those of the role, less what a token's scopes leave out
public record Subject(String name, String login, Set<Permission> permissions) {

    public Subject {
        permissions = Set.copyOf(permissions);
    }
}
