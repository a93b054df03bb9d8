package io.onebox.engine.schedule;

import io.onebox.engine.path.LinkRole;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.PathState;
import io.onebox.engine.path.Paths;
import org.jspecify.annotations.Nullable;

/// Sends a packet where it is expected to arrive first, whatever the pace of the path: for packets of
/// sparse flows and for repairs. Without a usable path it takes what is left, best first.
///
/// Source: the idea of "Earliest Completion First", Lim et al., CoNEXT 2017, for datagrams.
public final class EarliestArrivalScheduler implements PathScheduler {

    private static final int ROLES = LinkRole.values().length;

    @Override
    public @Nullable Path select(Paths paths, int length, long nowNs) {
        return selectOther(paths, null, length, nowNs);
    }

    /// Like [#select], but not `excluded`.
    public @Nullable Path selectOther(Paths paths, @Nullable Path excluded, int length, long nowNs) {
        Path best = null;
        long bestRank = Long.MAX_VALUE;
        long bestArrivalNs = Long.MAX_VALUE;
        for (int i = 0; i < paths.count(); i++) {
            Path path = paths.get(i);
            long rank = rank(path, nowNs);
            if (path == excluded || rank == Long.MAX_VALUE || rank > bestRank) {
                continue;
            }
            long arrivalNs = path.arrivalNs(length, nowNs);
            if (rank < bestRank || arrivalNs < bestArrivalNs) {
                best = path;
                bestRank = rank;
                bestArrivalNs = arrivalNs;
            }
        }
        return best;
    }

    /// How long a packet has to wait for `path` and, if that is in doubt, for all others it would be copied to: copies
    /// must not fill the one that works.
    public long waitNs(Paths paths, Path path, long nowNs) {
        long waitNs = path.waitNs(nowNs);
        if (path.state() != PathState.USABLE) {
            for (int i = 0; i < paths.count(); i++) {
                waitNs = mayCarry(paths.get(i), nowNs)
                        ? Math.max(waitNs, paths.get(i).waitNs(nowNs))
                        : waitNs;
            }
        }
        return waitNs;
    }

    /// Whether `path` can carry anything at all, in whatever state it is.
    public boolean mayCarry(Path path, long nowNs) {
        return rank(path, nowNs) != Long.MAX_VALUE;
    }

    /// How willingly a path is taken, least first: usable before suspect before silent ones, and within a
    /// state by the role of its link.
    private static long rank(Path path, long nowNs) {
        if (!path.life().isLinkPresent()
                || path.use().tier() == LinkRole.NEVER
                || path.use().isPaused()
                || !path.remote().isKnown()
                || path.keys().sealing(nowNs) == null) {
            return Long.MAX_VALUE;
        }
        int state = switch (path.state()) {
            case USABLE -> 0;
            case SUSPECT -> 1;
            case VALIDATING -> 2;
            case DOWN -> 3;
            case CLOSED -> -1;
        };
        return path.state() == PathState.CLOSED
                ? Long.MAX_VALUE
                : state * ROLES + path.use().tier().ordinal();
    }
}
