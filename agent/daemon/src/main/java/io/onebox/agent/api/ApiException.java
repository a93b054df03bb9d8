package io.onebox.agent.api;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request that cannot be met, as an RFC 9457 problem.
public final class ApiException extends RuntimeException {

    private final Kind kind;
    private final String hint;

    /// What sort of problem it is; decides the HTTP status and the exit code of the command.
    public enum Kind {
        /// The request names something that does not exist.
        NOT_FOUND(404, "not found"),
        /// The request is not well formed.
        BAD_DATA(400, "bad data"),
        /// Whoever asks may not.
        FORBIDDEN(403, "forbidden"),
        /// The state of the agent forbids it.
        REFUSED(409, "refused"),
        /// The configuration file has errors.
        CONFIGURATION(422, "configuration"),
        /// The agent cannot do it now.
        UNAVAILABLE(503, "unavailable");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        /// The status of the HTTP response.
        public int status() {
            return status;
        }
    }

    /// @param hint the remedy, or empty
    public ApiException(Kind kind, String message, String hint) {
        super(message);
        this.kind = kind;
        this.hint = hint;
    }

    /// What sort of problem it is.
    public Kind kind() {
        return kind;
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("type", "about:blank");
        json.put("title", kind.title);
        json.put("status", kind.status);
        json.put("detail", getMessage());
        json.put("hint", hint);
        return json;
    }
}
