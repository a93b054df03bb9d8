package io.onebox.engine.schedule;

import io.onebox.engine.path.Path;
import io.onebox.engine.path.Paths;
import org.jspecify.annotations.Nullable;

/// Gives a bulk packet to a path whose pace allows another one now. Each path thus pulls what it can
/// carry, and none idles while packets wait; the receiver evens out the delays. Paths that do not know
/// their capacity yet come first, or they would start to learn it when it is needed.
///
/// Why not earliest arrival: an inner BBR flow never builds the backlog that makes a slow path the
/// earlier one, and stays at 66 % of the sum (measured, protocol.md 2).
public final class PullScheduler implements PathScheduler {

    private final Eligibility eligibility;

    /// @param eligibility which paths bulk flows may use
    public PullScheduler(Eligibility eligibility) {
        this.eligibility = eligibility;
    }

    @Override
    public @Nullable Path select(Paths paths, int length, long nowNs) {
        Path best = null;
        boolean bestSearches = false;
        long bestArrivalNs = Long.MAX_VALUE;
        for (int i = 0; i < paths.count(); i++) {
            Path path = paths.get(i);
            if (!eligibility.isOpen(i) || path.waitNs(nowNs) > 0 || !path.hasWindow()) {
                continue;
            }
            long arrivalNs = path.arrivalNs(length, nowNs);
            boolean searches = path.rate().isSearching();
            if (best == null || (searches == bestSearches ? arrivalNs < bestArrivalNs : searches)) {
                best = path;
                bestSearches = searches;
                bestArrivalNs = arrivalNs;
            }
        }
        return best;
    }

    /// When [#select] may find a path again, if it found none; `Long.MAX_VALUE` if only an
    /// acknowledgement or a change of state can tell.
    public long readyNs(Paths paths, long nowNs) {
        long earliestNs = Long.MAX_VALUE;
        for (int i = 0; i < paths.count(); i++) {
            Path path = paths.get(i);
            if (eligibility.isOpen(i) && path.hasWindow()) {
                earliestNs = Math.min(earliestNs, Math.max(path.readyNs(), nowNs));
            }
        }
        return earliestNs;
    }

    /// Notes that nothing waits: the paths that could carry more are idle for lack of data.
    public void onIdle(Paths paths, long nowNs) {
        for (int i = 0; i < paths.count(); i++) {
            Path path = paths.get(i);
            if (path.waitNs(nowNs) == 0) {
                path.onIdle(nowNs);
            }
        }
    }
}
