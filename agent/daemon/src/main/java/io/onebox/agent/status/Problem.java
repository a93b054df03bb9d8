package io.onebox.agent.status;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something an operator should know, and what to do about it.
///
/// @param kind what is wrong
/// @param link the link concerned, or `null`
/// @param message one sentence
/// @param hint the remedy
public record Problem(ProblemKind kind, @Nullable String link, String message, String hint) {

    /// How bad it is.
    public enum Severity {
        /// Nothing works.
        CRITICAL,
        /// Something is missing.
        WARNING,
        /// Worth knowing.
        INFO
    }

    /// A problem of the whole agent.
    public static Problem of(ProblemKind kind, String message, String hint) {
        return new Problem(kind, null, message, hint);
    }

    /// A problem of one link.
    public static Problem ofLink(ProblemKind kind, String link, String message, String hint) {
        return new Problem(kind, link, message, hint);
    }

    /// How bad it is.
    public Severity severity() {
        return kind.severity();
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("code", kind.code());
        json.put("link", link);
        json.put("severity", severity().name().toLowerCase(Locale.ROOT));
        json.put("message", message);
        json.put("hint", hint);
        return json;
    }
}
