package io.onebox.engine.path;

/// Measures how fast a path delivers, from what the peer reports.
///
/// A sample is the bytes that arrived between two reports, over the longer of the times it took to send
/// and to receive them: receiving alone is fooled by a radio that delivers in bursts (protocol.md 2,
/// lesson 1), sending alone by a queue.
public final class DeliveryRate {

    /// No sample yet.
    public static final long NONE = -1;

    /// Shorter spans saw 228 Mbit/s on a link of 50 (measured, protocol.md 2).
    private static final long MIN_SPAN_NS = 18_000_000;

    /// Less than this is probes and acknowledgements, and says nothing.
    private static final long MIN_BYTES = 6_000;

    /// Over longer spans a trickle of pings adds up to something. A guess: with [#MIN_BYTES], a path below
    /// 160 kbit/s has no rate.
    private static final long MAX_SPAN_NS = 300_000_000;

    /// Spans in jitters: protocol.md 2, lesson 1.
    private static final int JITTERS = 5;

    /// Reports remembered; at one each 10 ms they reach back 640 ms.
    private static final int POINTS = 64;

    private static final int MASK = POINTS - 1;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final long[] arrivalNs = new long[POINTS];
    private final long[] sentNs = new long[POINTS];
    private final long[] bytes = new long[POINTS];
    private long count;
    private long limitedNs = Long.MIN_VALUE;
    private boolean applicationLimited;

    /// Notes that the path could have sent more at `nowNs`, but there was nothing to send.
    public void onIdle(long nowNs) {
        limitedNs = nowNs;
    }

    /// Takes in a report.
    ///
    /// @param arrivalNs when its newest message arrived, by the peer's clock
    /// @param sentNs when that message was sent, by ours
    /// @param bytes what arrived on the path in all its life
    /// @param jitterNs jitter of the path
    /// @return bytes per second, or [#NONE]
    public long onReport(long arrivalNs, long sentNs, long bytes, long jitterNs) {
        long newest = count;
        if (newest > 0 && (bytes <= this.bytes[last()] || arrivalNs <= this.arrivalNs[last()])) {
            return NONE;
        }
        int slot = (int) newest & MASK;
        this.arrivalNs[slot] = arrivalNs;
        this.sentNs[slot] = sentNs;
        this.bytes[slot] = bytes;
        count++;
        long spanNs = Math.max(MIN_SPAN_NS, JITTERS * jitterNs);
        long oldest = Math.max(0, newest - MASK);
        for (long index = newest - 1; index >= oldest; index--) {
            int older = (int) index & MASK;
            long receivingNs = arrivalNs - this.arrivalNs[older];
            long sendingNs = sentNs - this.sentNs[older];
            if (receivingNs >= spanNs && sendingNs >= spanNs) {
                if (bytes - this.bytes[older] < MIN_BYTES || receivingNs > MAX_SPAN_NS) {
                    return NONE;
                }
                applicationLimited = limitedNs >= this.sentNs[older];
                return (bytes - this.bytes[older]) * NS_PER_SECOND / Math.max(receivingNs, sendingNs);
            }
        }
        return NONE;
    }

    /// Whether the last sample says what was offered rather than what the path can do.
    public boolean isApplicationLimited() {
        return applicationLimited;
    }

    /// Forgets all reports: after a pause or on new keys the spans would be wrong.
    public void restart() {
        count = 0;
    }

    private int last() {
        return (int) (count - 1) & MASK;
    }
}
