package io.onebox.engine.schedule;

import io.onebox.engine.path.LinkRole;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.PathState;
import io.onebox.engine.path.Paths;

/// How dear a link may be to carry bulk packets now. A tier is a [LinkRole]: `always` is used until it is full, then
/// `secondary` opens as well; it closes again when the cheaper links have had room for everything for a while. A
/// `backup` is open only while nothing better works.
final class Tiers {

    /// Share of the capacity above which the links of a tier are full, and below which they have room. Guesses: a
    /// pace swings by 15 % around what a path carries, see `RateModel`.
    private static final double FULL_SHARE = 0.9;

    private static final double ROOM_SHARE = 0.8;

    /// Looks in a row that have to find the links full: less is a burst. A guess, within row m of the bonding table:
    /// overflow within 0.5 s.
    private static final int FULL_LOOKS = 3;

    /// Time between two looks.
    private static final long LOOK_NS = 50_000_000;

    /// A tier stays open this long after it was last needed; a guess, within row m of the bonding table: back within
    /// 2 s.
    private static final long HOLD_NS = 1_500_000_000;

    private static final double NS_PER_SECOND = 1e9;

    private int open;
    private long lookNs;
    private long sentBytes;
    private int fullLooks;
    private long neededNs = Long.MIN_VALUE / 2;

    /// The greatest ordinal of the tiers that are open.
    int open() {
        return open;
    }

    /// Whether `path` can carry packets, and both ends want it to, if it is needed.
    static boolean isWilling(Path path) {
        return path.state() == PathState.USABLE
                && path.use().tier() != LinkRole.NEVER
                && !path.use().isPaused();
    }

    /// Looks at what was sent, opens and closes.
    ///
    /// @param waits whether bulk packets waited because every open path was busy
    void review(Paths paths, boolean waits, long nowNs) {
        int least = least(paths);
        if (nowNs >= lookNs + LOOK_NS) {
            double rate = takeBytesPerSecond(paths, nowNs);
            boolean full = waits || rate >= FULL_SHARE * capacity(paths, open);
            fullLooks = full && !isSearching(paths) ? fullLooks + 1 : 0;
            if (fullLooks >= FULL_LOOKS && open < LinkRole.SECONDARY.ordinal()) {
                open++;
                fullLooks = 0;
                neededNs = nowNs;
            } else if (open > least && rate >= ROOM_SHARE * capacity(paths, open - 1)) {
                neededNs = nowNs;
            } else if (open > least && nowNs > neededNs + HOLD_NS) {
                open--;
                neededNs = nowNs;
            }
        }
        open = Math.max(open, least);
    }

    private double takeBytesPerSecond(Paths paths, long nowNs) {
        long before = sentBytes;
        sentBytes = 0;
        for (int i = 0; i < paths.count(); i++) {
            sentBytes += paths.get(i).counters().txBytes();
        }
        double rate = Math.max(0, sentBytes - before) * NS_PER_SECOND / (nowNs - lookNs);
        lookNs = nowNs;
        return rate;
    }

    private static int least(Paths paths) {
        int least = LinkRole.NEVER.ordinal();
        for (int i = 0; i < paths.count(); i++) {
            if (isWilling(paths.get(i))) {
                least = Math.min(least, paths.get(i).use().tier().ordinal());
            }
        }
        return least;
    }

    private static long capacity(Paths paths, int tier) {
        long capacity = 0;
        for (int i = 0; i < paths.count(); i++) {
            if (isWilling(paths.get(i)) && paths.get(i).use().tier().ordinal() <= tier) {
                capacity += paths.get(i).capacity();
            }
        }
        return capacity;
    }

    /// Whether an open path does not know yet what it can carry.
    private boolean isSearching(Paths paths) {
        for (int i = 0; i < paths.count(); i++) {
            Path path = paths.get(i);
            if (isWilling(path)
                    && path.use().tier().ordinal() <= open
                    && path.rate().isSearching()) {
                return true;
            }
        }
        return false;
    }
}
