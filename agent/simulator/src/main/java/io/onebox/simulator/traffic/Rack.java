package io.onebox.simulator.traffic;

/// Finds lost segments by time: one sent well before another that has arrived is lost.
///
/// Source: RFC 8985, with the adaptation of Linux (net/ipv4/tcp_recovery.c): no window for reordering
/// until some is seen, then a quarter of the least round trip, a quarter more for each round with a
/// needless retransmission, up to a smoothed round trip.
final class Rack {

    private static final int DUPLICATE_THRESHOLD = 3;
    private static final int MOST_STEPS = 255;
    private static final int PERSISTENCE = 16;

    private final Scoreboard board;
    private final RttEstimate rtt;

    private long sentNs = -1;
    private long segment;
    private long rttNs;
    private boolean reorderingSeen;
    private boolean duplicateSeen;
    private int steps = 1;
    private int persistence;
    private long lastStepDelivered;
    private int lostNow;

    Rack(Scoreboard board, RttEstimate rtt) {
        this.board = board;
        this.rtt = rtt;
    }

    /// Takes in a segment that arrived. Before the scoreboard forgets it.
    void onDelivered(long arrived, long nowNs) {
        long arrivedSentNs = board.sentNs(arrived);
        long arrivedRttNs = nowNs - arrivedSentNs;
        if (board.wasResent(arrived)) {
            if (arrivedRttNs < rtt.minNs()) {
                return;
            }
        } else if (arrived < board.highestSacked()) {
            reorderingSeen = true;
        }
        if (isSentAfter(arrivedSentNs, arrived, sentNs, segment)) {
            sentNs = arrivedSentNs;
            segment = arrived;
            rttNs = arrivedRttNs;
        }
    }

    /// The peer received something twice.
    void onDuplicate() {
        duplicateSeen = true;
    }

    /// Recovery ended: the larger window is kept for some more of them.
    void onRecovered() {
        if (persistence > 0 && --persistence == 0) {
            steps = 1;
        }
    }

    /// Adapts the window, at most once per round trip.
    void adapt(AckSample sample) {
        if (!duplicateSeen || sample.priorDelivered < lastStepDelivered) {
            return;
        }
        steps = Math.min(MOST_STEPS, steps + 1);
        duplicateSeen = false;
        lastStepDelivered = sample.delivered;
        persistence = PERSISTENCE;
    }

    /// Segments found lost by the last [#detect].
    int lostNow() {
        return lostNow;
    }

    /// Marks what is lost, and returns after how long to look again, or 0 for not at all.
    long detect(long nowNs, boolean inRecovery) {
        long windowNs = windowNs(inRecovery);
        long againNs = 0;
        lostNow = 0;
        long candidate = board.earliestSent();
        while (candidate >= 0 && isSentAfter(sentNs, segment, board.sentNs(candidate), candidate)) {
            long following = board.sentAfter(candidate);
            long remainingNs = board.sentNs(candidate) + rttNs + windowNs - nowNs;
            if (remainingNs <= 0) {
                board.onLost(candidate);
                lostNow++;
            } else {
                againNs = Math.max(againNs, remainingNs);
            }
            candidate = following;
        }
        return againNs;
    }

    /// Marks everything in flight as lost that is not recent, after a timeout.
    void onTimeout(long nowNs) {
        long windowNs = windowNs(false);
        long candidate = board.earliestSent();
        while (candidate >= 0) {
            long following = board.sentAfter(candidate);
            if (candidate == board.first() || board.sentNs(candidate) + rttNs + windowNs <= nowNs) {
                board.onLost(candidate);
            }
            candidate = following;
        }
    }

    private long windowNs(boolean inRecovery) {
        if (!reorderingSeen && (inRecovery || board.sacked() >= DUPLICATE_THRESHOLD)) {
            return 0;
        }
        return Math.min(rtt.minNs() / 4 * steps, rtt.srttNs());
    }

    private static boolean isSentAfter(long sentNs, long segment, long otherSentNs, long otherSegment) {
        return sentNs > otherSentNs || (sentNs == otherSentNs && segment > otherSegment);
    }
}
