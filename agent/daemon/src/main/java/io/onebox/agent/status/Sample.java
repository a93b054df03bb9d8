package io.onebox.agent.status;

import io.onebox.engine.stats.PathSnapshot;
import io.onebox.engine.stats.SessionSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The agent at one instant.
///
/// @param time on the wall
/// @param nowNs on the clock that all `…Ns` of the sessions are on
/// @param isUp whether the data plane is switched on
/// @param sessions in the order the peers were added
/// @param drops what was discarded beside what the sessions count
/// @param links of this machine; none on a server
public record Sample(
        Instant time, long nowNs, boolean isUp, List<SessionSnapshot> sessions, Drops drops, List<LinkFacts> links) {

    public Sample {
        sessions = List.copyOf(sessions);
        links = List.copyOf(links);
    }

    /// The session with a peer.
    Optional<SessionSnapshot> session(String peer) {
        return sessions.stream().filter(session -> session.peer().equals(peer)).findFirst();
    }

    /// The path of a session.
    Optional<PathSnapshot> path(String peer, int pathId) {
        return session(peer)
                .flatMap(session -> session.paths().stream()
                        .filter(path -> path.pathId() == pathId)
                        .findFirst());
    }

    /// An instant of the sessions' clock, on the wall; `null` if it never was.
    @Nullable
    Instant wall(long atNs) {
        return atNs < 0
                ? null
                : time.minus(Duration.ofNanos(nowNs - atNs)).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
    }
}
