package io.onebox.engine.path;

import io.onebox.engine.repair.InFlight;
import io.onebox.engine.wire.AckFlyweight;

/// What arrived on a path and was not yet told to its sender.
public final class AckCollector {

    /// Bounds of the time between two ACKs while data flows: protocol.md, 2.
    private static final long MIN_INTERVAL_NS = 10_000_000;

    private static final long MAX_INTERVAL_NS = 25_000_000;

    /// A lost packet of a sparse flow shall be noticed soon; a guess.
    private static final long SPARSE_DELAY_NS = 2_000_000;

    /// How long to wait behind a gap for the message that proves a loss: an ACK before it tells the sender
    /// nothing, one long after it makes the repair late. A guess: three full packets at 8 Mbit/s.
    private static final long GAP_DELAY_NS = 5_000_000;

    /// After this many messages an ACK is due, so that none falls out of the bitmap.
    private static final int MESSAGES_PER_ACK = AckFlyweight.BITMAP_BITS / 2;

    private static final int WORDS = AckFlyweight.BITMAP_BITS / Long.SIZE;
    private static final long NOTHING_DUE = Long.MAX_VALUE;
    private static final int NS_PER_US = 1_000;

    private final long[] bitmap = new long[WORDS];
    private int index;
    private boolean started;
    private long largest;
    private long largestArrivalNs;
    private long leastOneWayNs = Long.MAX_VALUE;
    private long provenAt = Long.MAX_VALUE;
    private int untold;
    private long dueNs = NOTHING_DUE;
    private int messages;
    private int bytes;

    /// The longest an arrival is kept secret while data flows.
    public static long intervalNs(long minRttNs) {
        return Math.clamp(minRttNs / 4, MIN_INTERVAL_NS, MAX_INTERVAL_NS);
    }

    /// Takes in an authentic message.
    ///
    /// @param index the receiver index it came under
    public void onMessage(int index, long counter, int length, long nowNs) {
        if (!started || index != this.index) {
            restart(index, counter, nowNs);
        } else if (counter > largest) {
            if (counter > largest + 1) {
                provenAt = Math.min(provenAt, counter - 1 + InFlight.PACKET_THRESHOLD);
                dueNs = Math.min(dueNs, nowNs + GAP_DELAY_NS);
            }
            shift(counter - largest);
            largest = counter;
            largestArrivalNs = nowNs;
            if (largest >= provenAt) {
                provenAt = Long.MAX_VALUE;
                dueNs = nowNs;
            }
        } else {
            mark(largest - counter);
        }
        messages++;
        bytes += length;
    }

    /// Takes in the one-way delay of a message that tells its send time.
    public void onOneWay(long oneWayNs) {
        leastOneWayNs = Math.min(leastOneWayNs, oneWayNs);
    }

    /// Notes that the message just taken in wants to be acknowledged.
    public void onEliciting(boolean sparse, long minRttNs, long nowNs) {
        untold++;
        long delayNs = sparse ? SPARSE_DELAY_NS : intervalNs(minRttNs);
        dueNs = untold >= MESSAGES_PER_ACK ? nowNs : Math.min(dueNs, nowNs + delayNs);
    }

    /// When the next ACK is due, or `Long.MAX_VALUE`.
    public long dueNs() {
        return untold == 0 ? NOTHING_DUE : dueNs;
    }

    /// Whether there is anything to tell.
    public boolean hasNews() {
        return untold > 0;
    }

    /// Writes an ACK, after which everything is told.
    public void write(AckFlyweight ack, int pathId, long nowNs) {
        long leastUs = leastOneWayNs == Long.MAX_VALUE ? 0 : leastOneWayNs / NS_PER_US;
        ack.start(pathId, index, largest)
                .times((int) ((nowNs - largestArrivalNs) / NS_PER_US), (int) (largestArrivalNs / NS_PER_US), (int)
                        leastUs)
                .totals(messages, bytes);
        for (int word = 0; word < WORDS; word++) {
            ack.bitmap(word, bitmap[word]);
        }
        untold = 0;
        dueNs = NOTHING_DUE;
        leastOneWayNs = Long.MAX_VALUE;
    }

    /// Whether the next ACK can tell a one-way delay.
    public boolean knowsOneWay() {
        return leastOneWayNs != Long.MAX_VALUE;
    }

    /// Forgets what was not told.
    public void clear() {
        started = false;
        untold = 0;
        dueNs = NOTHING_DUE;
    }

    private void restart(int index, long counter, long nowNs) {
        this.index = index;
        started = true;
        largest = counter;
        largestArrivalNs = nowNs;
        provenAt = Long.MAX_VALUE;
        untold = 0;
        dueNs = NOTHING_DUE;
        for (int word = 0; word < WORDS; word++) {
            bitmap[word] = 0;
        }
    }

    private void mark(long below) {
        if (below >= 1 && below <= AckFlyweight.BITMAP_BITS) {
            int bit = (int) below - 1;
            bitmap[bit / Long.SIZE] |= 1L << bit;
        }
    }

    /// Moves the bitmap by `by` counters, and marks the one that was the largest.
    private void shift(long by) {
        if (by > AckFlyweight.BITMAP_BITS) {
            for (int word = 0; word < WORDS; word++) {
                bitmap[word] = 0;
            }
            return;
        }
        int words = (int) by / Long.SIZE;
        int bits = (int) by % Long.SIZE;
        for (int word = WORDS - 1; word >= 0; word--) {
            long value = word >= words ? bitmap[word - words] << bits : 0;
            if (bits > 0 && word > words) {
                value |= bitmap[word - words - 1] >>> (Long.SIZE - bits);
            }
            bitmap[word] = value;
        }
        mark(by);
    }
}
