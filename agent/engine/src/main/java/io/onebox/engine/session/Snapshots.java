package io.onebox.engine.session;

import io.onebox.engine.path.LinkRole;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.PathState;
import io.onebox.engine.stats.PathSnapshot;
import io.onebox.engine.stats.SessionCounters;
import io.onebox.engine.stats.SessionSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Takes the picture of a session that people and programs look at.
final class Snapshots {

    private static final long UNKNOWN = -1;

    private Snapshots() {}

    static SessionSnapshot of(Session session, long nowNs) {
        SessionCounters counters = session.counters();
        List<PathSnapshot> paths = new ArrayList<>();
        for (int i = 0; i < session.paths().count(); i++) {
            paths.add(path(session.outgoing(), session.paths().get(i)));
        }
        return new SessionSnapshot(
                session.config().name(),
                session.config().publicKey().toString(),
                session.sinceNs(),
                session.mtuBytes(),
                counters.rxBytes(),
                counters.txBytes(),
                counters.toTun(),
                counters.fromTun(),
                counters.lost(),
                counters.repaired(),
                counters.reordered(),
                session.incoming().held(),
                counters.heldNs(),
                counters.dropped(),
                paths);
    }

    private static PathSnapshot path(Outgoing outgoing, Path path) {
        boolean measured = path.rtt().hasSample();
        return new PathSnapshot(
                path.id(),
                path.remote().link(),
                path.state().name().toLowerCase(Locale.ROOT),
                reasonUnused(outgoing, path),
                path.remote().endpoint(),
                path.counters().rxBytes(),
                path.counters().txBytes(),
                path.counters().rxPackets(),
                path.counters().txPackets(),
                path.capacity() == 0 ? UNKNOWN : path.capacity(),
                path.peerCapacity() == 0 ? UNKNOWN : path.peerCapacity(),
                measured ? path.rtt().srttNs() : UNKNOWN,
                measured ? path.rtt().minNs() : UNKNOWN,
                path.arrivals().isKnown() ? path.arrivals().jitterNs() : UNKNOWN,
                path.queueDelay().isKnown() ? path.queueDelay().queueNs() : UNKNOWN,
                path.loss().ratio(),
                path.mtu().isKnown() ? path.mtu().mtuBytes() : 0,
                path.keys().lastHandshakeNs());
    }

    private static @Nullable String reasonUnused(Outgoing outgoing, Path path) {
        if (path.use().isPaused()) {
            return "paused";
        }
        if (path.use().role() == LinkRole.NEVER) {
            return "role never";
        }
        if (path.state() != PathState.USABLE) {
            return path.life().reason();
        }
        if (outgoing.isSpared(path)) {
            return "standby: " + path.use().tier().name().toLowerCase(Locale.ROOT) + ", better links suffice";
        }
        return outgoing.isLeftOut(path) ? "too slow or too late beside the others" : null;
    }
}
