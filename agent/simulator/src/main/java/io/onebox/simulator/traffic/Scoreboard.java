package io.onebox.simulator.traffic;

/// What a TCP sender knows of each segment between the first unacknowledged and the next to send, as a
/// ring, with a list of those in flight in the order they were last sent.
///
/// Source: RFC 6675 and the queues of Linux (tcp_rtx_queue, tsorted_sent_queue); written anew.
final class Scoreboard {

    static final int CAPACITY = 1 << 14;

    private static final int MASK = CAPACITY - 1;

    /// Index of the list's anchor, behind the slots.
    private static final int ANCHOR = CAPACITY;

    private static final byte SACKED = 1;
    private static final byte LOST = 2;
    private static final byte RESENT = 4;
    private static final byte EVER_RESENT = 8;

    private final byte[] flags = new byte[CAPACITY];
    private final long[] sentNs = new long[CAPACITY];
    private final long[] priorDelivered = new long[CAPACITY];
    private final long[] priorDeliveredNs = new long[CAPACITY];
    private final long[] priorFirstSentNs = new long[CAPACITY];
    private final int[] later = new int[CAPACITY + 1];
    private final int[] earlier = new int[CAPACITY + 1];

    private long first;
    private long next;
    private int sacked;
    private int lost;
    private int resent;
    private long lowestLost;
    private long highestSacked = -1;

    Scoreboard() {
        for (int slot = 0; slot <= ANCHOR; slot++) {
            later[slot] = slot;
            earlier[slot] = slot;
        }
    }

    /// First segment not acknowledged.
    long first() {
        return first;
    }

    /// First segment never sent.
    long next() {
        return next;
    }

    /// Highest segment known to have arrived, or -1.
    long highestSacked() {
        return highestSacked;
    }

    int inFlight() {
        return (int) (next - first) - sacked - lost + resent;
    }

    int lost() {
        return lost;
    }

    /// Segments sent again and not known to have arrived.
    int resent() {
        return resent;
    }

    int sacked() {
        return sacked;
    }

    boolean isFull() {
        return next - first == CAPACITY;
    }

    boolean isSacked(long segment) {
        return (flags[slot(segment)] & SACKED) != 0;
    }

    boolean wasResent(long segment) {
        return (flags[slot(segment)] & EVER_RESENT) != 0;
    }

    long sentNs(long segment) {
        return sentNs[slot(segment)];
    }

    long priorDelivered(long segment) {
        return priorDelivered[slot(segment)];
    }

    long priorDeliveredNs(long segment) {
        return priorDeliveredNs[slot(segment)];
    }

    long priorFirstSentNs(long segment) {
        return priorFirstSentNs[slot(segment)];
    }

    /// Notes a segment sent, for the first time or again.
    void onSent(long segment, long nowNs, DeliveryRate rate) {
        int slot = slot(segment);
        if (segment == next) {
            next++;
            flags[slot] = 0;
        } else {
            if ((flags[slot] & RESENT) == 0) {
                resent += (flags[slot] & LOST) != 0 ? 1 : 0;
            }
            flags[slot] |= (flags[slot] & LOST) != 0 ? RESENT | EVER_RESENT : EVER_RESENT;
            unlink(slot);
        }
        sentNs[slot] = nowNs;
        priorDelivered[slot] = rate.delivered();
        priorDeliveredNs[slot] = rate.deliveredNs();
        priorFirstSentNs[slot] = rate.firstSentNs();
        link(slot);
    }

    /// Notes that a segment in flight arrived, ahead of others.
    void onSacked(long segment) {
        int slot = slot(segment);
        clearLoss(slot);
        flags[slot] |= SACKED;
        sacked++;
        unlink(slot);
        highestSacked = Math.max(highestSacked, segment);
    }

    /// Forgets the first segment: it was acknowledged.
    void onAcknowledged() {
        int slot = slot(first);
        if ((flags[slot] & SACKED) != 0) {
            sacked--;
        } else {
            clearLoss(slot);
            unlink(slot);
        }
        highestSacked = Math.max(highestSacked, first);
        first++;
        lowestLost = Math.max(lowestLost, first);
    }

    /// Gives a segment up; it will be sent again.
    void onLost(long segment) {
        int slot = slot(segment);
        if ((flags[slot] & LOST) == 0) {
            flags[slot] |= LOST;
            lost++;
        } else if ((flags[slot] & RESENT) != 0) {
            flags[slot] &= ~RESENT;
            resent--;
        }
        unlink(slot);
        lowestLost = Math.min(lowestLost, segment);
    }

    /// Takes every loss back: those segments count as in flight again.
    void undoLosses() {
        for (long segment = first; segment < next && lost > 0; segment++) {
            int slot = slot(segment);
            if ((flags[slot] & LOST) != 0) {
                boolean wasInFlight = (flags[slot] & RESENT) != 0;
                clearLoss(slot);
                if (!wasInFlight) {
                    link(slot);
                }
            }
        }
    }

    /// The lowest lost segment not sent again yet, or -1.
    long nextLost() {
        if (lost == resent) {
            return -1;
        }
        for (long segment = lowestLost; segment < next; segment++) {
            if ((flags[slot(segment)] & (LOST | RESENT | SACKED)) == LOST) {
                lowestLost = segment;
                return segment;
            }
        }
        throw new AssertionError("lost segments cannot be found");
    }

    /// The segment in flight that was sent first, or -1.
    long earliestSent() {
        return segmentOf(later[ANCHOR]);
    }

    /// The segment in flight that was sent next after `segment`, or -1.
    long sentAfter(long segment) {
        return segmentOf(later[slot(segment)]);
    }

    private long segmentOf(int slot) {
        return slot == ANCHOR ? -1 : first + ((slot - (int) first) & MASK);
    }

    private void clearLoss(int slot) {
        if ((flags[slot] & LOST) != 0) {
            lost--;
            resent -= (flags[slot] & RESENT) != 0 ? 1 : 0;
            flags[slot] &= ~(LOST | RESENT);
        }
    }

    private void link(int slot) {
        int last = earlier[ANCHOR];
        later[last] = slot;
        earlier[slot] = last;
        later[slot] = ANCHOR;
        earlier[ANCHOR] = slot;
    }

    /// Takes a slot out of the list; harmless if it is not in.
    private void unlink(int slot) {
        if (later[slot] == slot) {
            return;
        }
        later[earlier[slot]] = later[slot];
        earlier[later[slot]] = earlier[slot];
        later[slot] = slot;
        earlier[slot] = slot;
    }

    private static int slot(long segment) {
        return (int) segment & MASK;
    }
}
