package io.onebox.engine.schedule;

import io.onebox.engine.path.BondingMode;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.PathState;
import io.onebox.engine.path.Paths;

/// Which paths bulk flows may use now: usable ones of an open tier, unless they would hurt. In redundant mode the
/// fastest of them alone: the others carry the copies.
public final class Eligibility {

    /// A path this much later than the earliest is left out: its packets would hold up all others.
    private static final long MAX_SKEW_NS = 250_000_000;

    /// A path below this share of the sum is left out, and below a greater one does not come in: an estimate that dips
    /// must not let slow links in and out. Found with the simulator, see docs/decisions/0057.
    private static final double MIN_SHARE = 0.015;

    private static final double MIN_SHARE_TO_OPEN = 0.02;

    /// The path that carries everything in redundant mode is left for one this much faster; a guess.
    private static final double FASTER = 1.25;

    /// Shares and skews are looked at this often.
    private static final long REVIEW_NS = 50_000_000;

    private final boolean[] open = new boolean[Paths.MOST];
    private final Tiers tiers = new Tiers();
    private BondingMode mode = BondingMode.AGGREGATE;
    private long reviewNs = Long.MIN_VALUE;
    private int openCount;
    private boolean varies;

    /// Whether the path at `index` may carry bulk packets.
    public boolean isOpen(int index) {
        return open[index];
    }

    /// How both ends want the paths to share the load.
    public BondingMode mode() {
        return mode;
    }

    /// Whether `path` has to be spared: cheaper ones suffice.
    public boolean isSpared(Path path) {
        return mode != BondingMode.REDUNDANT && path.use().tier().ordinal() > tiers.open();
    }

    /// How many paths may.
    public int openCount() {
        return openCount;
    }

    /// Whether the rate of one of them varies.
    public boolean varies() {
        return varies;
    }

    /// Looks at the paths again if it is time.
    ///
    /// @param waits whether bulk packets wait because every open path is busy
    /// @return whether a path was opened or closed
    public boolean review(Paths paths, boolean waits, long nowNs) {
        if (nowNs < reviewNs + REVIEW_NS) {
            return false;
        }
        reviewNs = nowNs;
        mode = mode(paths);
        tiers.review(paths, waits, nowNs);
        long earliestNs = Long.MAX_VALUE;
        long sum = 0;
        for (int i = 0; i < paths.count(); i++) {
            if (isCandidate(paths.get(i))) {
                earliestNs = Math.min(earliestNs, paths.get(i).queueDelay().oneWayNs());
                sum += paths.get(i).capacity();
            }
        }
        int only = mode == BondingMode.REDUNDANT ? fastest(paths) : -1;
        boolean changed = false;
        openCount = 0;
        varies = false;
        for (int i = 0; i < paths.count(); i++) {
            Path path = paths.get(i);
            boolean opens = only < 0 ? isCandidate(path) && helps(path, open[i], earliestNs, sum) : i == only;
            changed |= opens != open[i];
            open[i] = opens;
            openCount += opens ? 1 : 0;
            varies |= opens && path.rate().varies();
        }
        return changed;
    }

    /// Looks again at the next [#review], whatever the time: a path changed its state.
    public void invalidate() {
        reviewNs = Long.MIN_VALUE;
    }

    /// The wish of either end; the paths that work know it.
    private static BondingMode mode(Paths paths) {
        for (int i = 0; i < paths.count(); i++) {
            Path path = paths.get(i);
            if (path.state() == PathState.USABLE && path.use().mode() != BondingMode.AGGREGATE) {
                return path.use().mode();
            }
        }
        return BondingMode.AGGREGATE;
    }

    /// The candidate that carries the most, or -1 if there is none. It changes only for one that is clearly faster.
    private int fastest(Paths paths) {
        int fastest = -1;
        double most = -1;
        for (int i = 0; i < paths.count(); i++) {
            double capacity = paths.get(i).capacity() * (open[i] ? FASTER : 1);
            if (isCandidate(paths.get(i)) && capacity > most) {
                fastest = i;
                most = capacity;
            }
        }
        return fastest;
    }

    private boolean isCandidate(Path path) {
        return Tiers.isWilling(path) && path.use().tier().ordinal() <= tiers.open();
    }

    private static boolean helps(Path path, boolean isOpen, long earliestNs, long sum) {
        if (path.queueDelay().isKnown() && path.queueDelay().oneWayNs() - earliestNs > MAX_SKEW_NS) {
            return false;
        }
        double share = isOpen ? MIN_SHARE : MIN_SHARE_TO_OPEN;
        return path.rate().isSearching() || path.capacity() >= share * sum;
    }
}
