package io.onebox.controller.api;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request that cannot be met, as an RFC 9457 problem.
public final class ApiProblem extends RuntimeException {

    private static final String TYPES = "urn:onebox:problem:";

    private final int status;
    private final String code;

    /// @param code of the error catalogue
    public ApiProblem(int status, String code, String detail) {
        super(detail);
        this.status = status;
        this.code = code;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    static ApiProblem notFound(String what) {
        return new ApiProblem(404, "not_found", "there is no " + what);
    }

    static ApiProblem badRequest(String detail) {
        return new ApiProblem(400, "bad_request", detail);
    }

    /// As it is answered.
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("type", TYPES + code);
        json.put("title", code.replace('_', ' '));
        json.put("status", status);
        json.put("detail", getMessage());
        return json;
    }
}
