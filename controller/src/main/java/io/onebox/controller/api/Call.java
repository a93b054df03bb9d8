package io.onebox.controller.api;

import io.onebox.controller.auth.Subject;
import io.onebox.controller.store.Actor;
import io.onebox.shared.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request that was authenticated, authorised and checked against openapi.json.
///
/// @param subject who asks; nobody at a login
/// @param address from where
/// @param secret of his session, if that is how he comes
/// @param parameters of path and query
/// @param ifMatch the tag that what is changed must have
/// @param isTrial whether to answer what would happen instead of doing it
/// @param body empty if there is none
record Call(
        Optional<Subject> subject,
        String address,
        Optional<String> secret,
        Map<String, String> parameters,
        Optional<String> ifMatch,
        boolean isTrial,
        JsonObject body) {

    Actor actor() {
        return actor(subject, address);
    }

    /// As the audit has it.
    static Actor actor(Optional<Subject> subject, String address) {
        return new Actor(subject.map(Subject::name).orElse("nobody"), address);
    }

    /// A parameter that openapi.json requires.
    String required(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw ApiProblem.badRequest(name + " is missing");
        }
        return value;
    }

    /// What is answered.
    ///
    /// @param json `null` for no content
    /// @param tag of what is shown, for `If-Match`
    /// @param session to set, if it is not empty; to end, if it is the empty text
    /// @param isTrial whether nothing was done
    record Answer(
            int status,
            @Nullable Map<String, @Nullable Object> json,
            Optional<String> tag,
            Optional<String> session,
            boolean isTrial) {

        Answer(
                int status,
                @Nullable Map<String, @Nullable Object> json,
                Optional<String> tag,
                Optional<String> session) {
            this(status, json, tag, session, false);
        }

        static Answer ok(Map<String, @Nullable Object> json) {
            return new Answer(200, json, Optional.empty(), Optional.empty());
        }

        static Answer tagged(String tag, Map<String, @Nullable Object> json) {
            return new Answer(200, json, Optional.of(tag), Optional.empty());
        }

        /// What would have happened.
        static Answer trial(Map<String, @Nullable Object> json) {
            return new Answer(200, json, Optional.empty(), Optional.empty(), true);
        }

        static Answer created(Map<String, @Nullable Object> json) {
            return new Answer(201, json, Optional.empty(), Optional.empty());
        }

        static Answer nothing() {
            return new Answer(204, null, Optional.empty(), Optional.empty());
        }
    }

    /// What an operation of openapi.json does. May block.
    @FunctionalInterface
    interface Operation {
        Answer run(Call call);
    }
}
