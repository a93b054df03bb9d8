package io.onebox.engine.schedule;

import io.onebox.engine.path.LinkRole;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.PathState;
import io.onebox.engine.path.Paths;

/// Which paths bulk flows may use now: usable ones of an open tier, unless they would hurt.
///
/// A tier is a [LinkRole]. The next one opens while packets wait although every path of the open tiers is
/// busy, and closes when the better tiers suffice.
public final class Eligibility {

    /// A path this much later than the earliest is left out: its packets would hold up all others.
    private static final long MAX_SKEW_NS = 250_000_000;

    /// A path below this share of the sum is left out.
    private static final double MIN_SHARE = 0.03;

    /// Packets have to wait this long before the next tier opens; a guess.
    private static final long OVERFLOW_NS = 30_000_000;

    /// A tier stays open this long after it was last needed; a guess, within row m of the bonding table.
    private static final long TIER_HOLD_NS = 1_500_000_000;

    /// Shares and skews are looked at this often.
    private static final long REVIEW_NS = 50_000_000;

    private final boolean[] open = new boolean[Paths.MOST];
    private int openTier;
    private long neededNs = Long.MIN_VALUE / 2;
    private long reviewNs = Long.MIN_VALUE;
    private int openCount;

    /// Whether the path at `index` may carry bulk packets.
    public boolean isOpen(int index) {
        return open[index];
    }

    /// How many paths may.
    public int openCount() {
        return openCount;
    }

    /// Looks at the paths again if it is time.
    ///
    /// @param waitedNs how long the bulk packet that waited longest has been waiting, 0 if none waits
    /// @return whether a path was opened or closed
    public boolean review(Paths paths, long waitedNs, long nowNs) {
        if (nowNs < reviewNs + REVIEW_NS) {
            return false;
        }
        reviewNs = nowNs;
        chooseTier(paths, waitedNs, nowNs);
        long earliestNs = Long.MAX_VALUE;
        long sum = 0;
        for (int i = 0; i < paths.count(); i++) {
            if (isCandidate(paths.get(i))) {
                earliestNs = Math.min(earliestNs, paths.get(i).queueDelay().oneWayNs());
                sum += paths.get(i).capacity();
            }
        }
        boolean changed = false;
        openCount = 0;
        for (int i = 0; i < paths.count(); i++) {
            Path path = paths.get(i);
            boolean opens = isCandidate(path) && helps(path, earliestNs, sum);
            changed |= opens != open[i];
            open[i] = opens;
            openCount += opens ? 1 : 0;
        }
        return changed;
    }

    /// Looks again at the next [#review], whatever the time: a path changed its state.
    public void invalidate() {
        reviewNs = Long.MIN_VALUE;
    }

    private void chooseTier(Paths paths, long waitedNs, long nowNs) {
        int least = LinkRole.NEVER.ordinal();
        for (int i = 0; i < paths.count(); i++) {
            if (isWilling(paths.get(i))) {
                least = Math.min(least, paths.get(i).use().role().ordinal());
            }
        }
        if (waitedNs > OVERFLOW_NS && openTier < LinkRole.BACKUP.ordinal()) {
            openTier++;
            neededNs = nowNs;
        } else if (openTier > least && nowNs > neededNs + TIER_HOLD_NS && waitedNs == 0) {
            openTier = least;
        }
        openTier = Math.max(openTier, least);
    }

    private boolean isCandidate(Path path) {
        return isWilling(path) && path.use().role().ordinal() <= openTier;
    }

    private static boolean isWilling(Path path) {
        return path.state() == PathState.USABLE
                && path.use().role() != LinkRole.NEVER
                && !path.use().isPaused();
    }

    private static boolean helps(Path path, long earliestNs, long sum) {
        if (path.queueDelay().isKnown() && path.queueDelay().oneWayNs() - earliestNs > MAX_SKEW_NS) {
            return false;
        }
        return path.rate().isSearching() || path.capacity() >= MIN_SHARE * sum;
    }
}
