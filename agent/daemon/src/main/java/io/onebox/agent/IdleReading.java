package io.onebox.agent;

import io.onebox.agent.status.Drops;
import io.onebox.agent.status.PeerFacts;
import io.onebox.agent.status.Problem;
import io.onebox.agent.status.ProblemKind;
import io.onebox.agent.status.Reading;
import io.onebox.agent.status.Role;
import io.onebox.agent.status.Sample;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What there is to say about an agent that its controller has given nothing to carry.
final class IdleReading {

    static final String MESSAGE = "the controller has given this agent nothing to carry";
    static final String HINT = "approve or enable it, and assign it, at the controller";

    private IdleReading() {}

    static Reading of(Role role) {
        return new Reading(
                role,
                new Sample(Instant.now(), 0, false, List.of(), Drops.NONE, List.of()),
                Optional.empty(),
                List.of(Problem.of(ProblemKind.CONTROL_IDLE, MESSAGE, HINT)),
                "aggregate",
                List.of(new PeerFacts("server", "", List.of())));
    }
}
