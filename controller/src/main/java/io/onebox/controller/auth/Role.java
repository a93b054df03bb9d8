package io.onebox.controller.auth;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a user may do.
public enum Role {
    /// Everything.
    OWNER,
    /// Everything but users.
    ADMIN,
    /// Runs the fleet.
    OPERATOR,
    /// Looks on.
    VIEWER;

    /// What comes with the role.
    public Set<Permission> permissions() {
        return switch (this) {
            case OWNER -> Set.of(Permission.values());
            case ADMIN -> EnumSet.complementOf(EnumSet.of(Permission.USERS));
            case OPERATOR -> Set.of(Permission.AGENTS_READ, Permission.AGENTS_WRITE, Permission.ENROL_TOKENS);
            case VIEWER -> Set.of(Permission.AGENTS_READ);
        };
    }

    /// The word in tables and commands.
    public String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The role of that word.
    public static Optional<Role> parse(String text) {
        for (Role role : values()) {
            if (role.spelling().equals(text)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
