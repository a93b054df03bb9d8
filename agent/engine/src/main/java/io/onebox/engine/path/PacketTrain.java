package io.onebox.engine.path;

/// A few large probes sent back to back over a new path. The bottleneck spreads them out, so how far apart they
/// arrive tells its rate before anybody needs it: a flow then starts on paths that are known, instead of filling
/// their queues to find out.
///
/// Source: packet dispersion, Dovrolis et al., *What do packet dispersion techniques measure?*, INFOCOM 2001.
public final class PacketTrain {

    /// Probes in a train: TCP's initial window (RFC 6928), which any link has to bear.
    public static final int LENGTH = 10;

    /// Trains over a path, and the pause between them: a radio's delay that falls while a train passes makes the link
    /// look many times too fast, but hardly three times in a row. Guesses.
    private static final int TRAINS = 3;

    private static final long PAUSE_NS = 200_000_000;

    /// Answers that make a measurement. A guess.
    private static final int ENOUGH = 5;

    /// How long answers are waited for: the train over a link of 150 kbit/s and its round trip.
    private static final long PATIENCE_NS = 1_000_000_000;

    /// Shorter spans measure how the receiver takes in batches, not the link: it is at least this fast. A guess.
    private static final long LEAST_SPAN_NS = 250_000;

    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long NS_PER_US = 1_000;

    private int sent;
    private boolean open;
    private int firstId;
    private int probeBytes;
    private long sentNs;
    private int answers;
    private int firstUs;
    private int lastUs;
    private long spanNs;

    /// When the next train should leave, or `Long.MAX_VALUE` if there were enough of them.
    public long dueNs() {
        if (sent == 0) {
            return Long.MIN_VALUE;
        }
        return sent < TRAINS ? sentNs + (open ? PATIENCE_NS : PAUSE_NS) : Long.MAX_VALUE;
    }

    /// Notes that a train leaves.
    ///
    /// @param firstId id of its first probe; the others follow
    /// @param probeBytes bytes of each on the link
    public void onSent(int firstId, int probeBytes, long nowNs) {
        this.firstId = firstId;
        this.probeBytes = probeBytes;
        sentNs = nowNs;
        sent++;
        open = true;
        answers = 0;
    }

    /// Takes in the answer to a probe.
    ///
    /// @param oneWayUs one-way delay of the probe, plus the distance of the clocks
    /// @return whether the probe stood in the queue of others of the train, so that its round trip tells nothing
    public boolean onAnswer(int probeId, int oneWayUs) {
        int place = probeId - firstId;
        if (!open || place < 0 || place >= LENGTH) {
            return false;
        }
        if (answers++ == 0) {
            firstUs = oneWayUs;
            lastUs = oneWayUs;
        } else {
            firstUs = oneWayUs - firstUs < 0 ? oneWayUs : firstUs;
            lastUs = oneWayUs - lastUs > 0 ? oneWayUs : lastUs;
        }
        return place > 0;
    }

    /// Bytes per second of the bottleneck once all answers are there or overdue, or 0 before, without enough of
    /// them, and until the next train.
    public long takeBytesPerSecond(long nowNs) {
        if (!open || (answers < LENGTH && nowNs - sentNs < PATIENCE_NS)) {
            return 0;
        }
        open = false;
        spanNs = (lastUs - firstUs) * NS_PER_US;
        return answers < ENOUGH ? 0 : (answers - 1L) * probeBytes * NS_PER_SECOND / Math.max(LEAST_SPAN_NS, spanNs);
    }

    /// Whether what was taken is the rate, not only the least it can be.
    public boolean isExact() {
        return spanNs >= LEAST_SPAN_NS;
    }
}
