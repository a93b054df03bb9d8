package io.onebox.controller.api;

import io.onebox.controller.auth.Accounts;
import io.onebox.controller.auth.Subject;
import io.vertx.core.MultiMap;
import java.util.Arrays;
import java.util.Optional;

/// How a request says who it is from: with an API token, or with the cookie of a session.
public record Credentials(Optional<String> session, Optional<String> token) {

    static final String COOKIE = "__Host-onebox";

    private static final String BEARER = "Bearer ";

    /// Those in the headers of a request. A token comes before a cookie.
    public static Credentials of(MultiMap headers) {
        Optional<String> token = Optional.ofNullable(headers.get("authorization"))
                .filter(header -> header.startsWith(BEARER))
                .map(header -> header.substring(BEARER.length()));
        Optional<String> session = Optional.ofNullable(headers.get("cookie")).flatMap(Credentials::session);
        return new Credentials(token.isPresent() ? Optional.empty() : session, token);
    }

    private static Optional<String> session(String cookies) {
        return Arrays.stream(cookies.split(";", -1))
                .map(String::strip)
                .filter(cookie -> cookie.startsWith(COOKIE + "="))
                .map(cookie -> cookie.substring(COOKIE.length() + 1))
                .findFirst();
    }

    /// Whether a browser sends it for a page of another site. Other programs send no origin.
    public static boolean isOfAnotherSite(MultiMap headers) {
        String origin = headers.get("origin");
        return origin != null && !origin.equals("https://" + headers.get("host"));
    }

    /// What somebody says to be known by, `token` or `session`; empty if he does not.
    public Optional<String> kind() {
        return token.map(_ -> "token").or(() -> session.map(_ -> "session"));
    }

    /// Who it is; keeps a session alive. Blocks.
    Optional<Subject> subject(Accounts accounts) {
        return token.isPresent() ? token.flatMap(accounts::token) : session.flatMap(accounts::session);
    }

    /// Who it still is; keeps no session alive. Blocks.
    public Optional<Subject> subjectStill(Accounts accounts) {
        return token.isPresent() ? token.flatMap(accounts::token) : session.flatMap(accounts::sessionStill);
    }
}
