package io.onebox.agent.status;

import java.util.List;
import java.util.Optional;

/// Everything there is to say about an agent now.
///
/// @param before a sample about a second older, for rates
/// @param problems worst first
/// @param mode how links share the load, as configuration spells it
/// @param peers as configured
public record Reading(
        Role role, Sample now, Optional<Sample> before, List<Problem> problems, String mode, List<PeerFacts> peers) {

    public Reading {
        problems = List.copyOf(problems);
        peers = List.copyOf(peers);
    }

    /// The rates since [#before].
    Throughput throughput() {
        return new Throughput(before, now);
    }

    /// The same with another sample to compare with.
    public Reading since(Optional<Sample> earlier) {
        return new Reading(role, now, earlier, problems, mode, peers);
    }

    /// `up`, `connecting` or `down`.
    public String state() {
        if (!now.isUp()) {
            return "down";
        }
        return role == Role.SERVER || now.sessions().stream().anyMatch(PathJson::isConnected) ? "up" : "connecting";
    }
}
