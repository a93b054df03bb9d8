package io.onebox.controller.auth;

import java.util.Optional;

/// What one may do; also the scopes of API tokens.
public enum Permission {
    AGENTS_READ("agents:read"),
    AGENTS_WRITE("agents:write"),
    ENROL_TOKENS("enrol-tokens"),
    API_TOKENS("api-tokens"),
    AUDIT_READ("audit:read"),
    USERS("users"),
    WEBHOOKS("webhooks");

    private final String spelling;

    Permission(String spelling) {
        this.spelling = spelling;
    }

    /// As openapi.json and tokens write it.
    public String spelling() {
        return spelling;
    }

    /// The permission of that spelling.
    public static Optional<Permission> parse(String text) {
        for (Permission permission : values()) {
            if (permission.spelling.equals(text)) {
                return Optional.of(permission);
            }
        }
        return Optional.empty();
    }
}
