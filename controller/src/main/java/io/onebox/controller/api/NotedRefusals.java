package io.onebox.controller.api;

import io.onebox.controller.api.Call.Operation;
import io.onebox.controller.auth.Refusals;
import io.onebox.controller.auth.Subject;
import io.onebox.controller.store.Actor;
import java.util.Optional;
import java.util.Set;

/// Requests that were refused to whoever may not, or asks too often, are in the audit. Blocks.
final class NotedRefusals {

    private static final String ACTION = "api.refused";

    /// What is noted: the rest are mistakes, and sessions that have ended.
    private static final Set<Integer> STATUSES = Set.of(403, 429);

    private final Refusals refusals;

    NotedRefusals(Refusals refusals) {
        this.refusals = refusals;
    }

    /// The operation of this id, with its refusals noted.
    Operation noting(String id, Operation operation) {
        return call -> {
            try {
                return operation.run(call);
            } catch (ApiProblem problem) {
                note(id, call.subject(), actor(call), problem);
                throw problem;
            }
        };
    }

    /// A problem, noted.
    ///
    /// @param subject who has proved who he is, if anybody has
    ApiProblem noted(String id, Optional<Subject> subject, String address, ApiProblem problem) {
        note(id, subject, Call.actor(subject, address), problem);
        return problem;
    }

    /// Whom somebody who is nobody yet says to be.
    private static Actor actor(Call call) {
        String login = call.body().text("login");
        return call.subject().isEmpty() && login != null ? new Actor("user:" + login, call.address()) : call.actor();
    }

    private void note(String id, Optional<Subject> subject, Actor actor, ApiProblem problem) {
        if (STATUSES.contains(problem.status())) {
            String kind =
                    id + " " + problem.code() + " " + subject.map(Subject::name).orElse("");
            refusals.note(kind, actor, ACTION, id, problem.code());
        }
    }
}
