package io.onebox.engine.repair;

import io.onebox.engine.wire.AckFlyweight;

/// The messages of one path that are not yet acknowledged, by number. Numbers go on where a keypair
/// ends, so that a rekey does not disturb the accounts.
///
/// Grows with what is in flight and never shrinks; allocates only when it grows.
public final class InFlight {

    /// Packets in path order that must arrive behind a missing one to prove it lost (RFC 9002, 6.1.1).
    public static final int PACKET_THRESHOLD = 3;

    /// The content of a message that carries no inner packet.
    public static final long NO_PACKET = -1;

    private static final long EMPTY = -2;
    private static final int FIRST_CAPACITY = 64;

    /// Messages in flight at the most; beyond them the oldest is given up. 1 Gbit/s over 180 ms.
    private static final int MAX_CAPACITY = 16_384;

    /// What becomes of a message.
    public interface Fate {
        /// It arrived.
        void acknowledged(long content, int bytes, long sentNs);

        /// It did not, or so it seems.
        void lost(long content, int bytes, long sentNs);
    }

    private long[] content = new long[FIRST_CAPACITY];
    private long[] sentNs = new long[FIRST_CAPACITY];
    private int[] bytes = new int[FIRST_CAPACITY];
    private int mask = FIRST_CAPACITY - 1;
    private long first;
    private long next;
    private int eliciting;
    private long bytesInFlight;

    /// The number the next message gets.
    public long next() {
        return next;
    }

    /// Bytes of the messages in flight that will be acknowledged.
    public long bytesInFlight() {
        return bytesInFlight;
    }

    /// Whether anything is in flight that will be acknowledged.
    public boolean isEmpty() {
        return eliciting == 0;
    }

    /// When the oldest message in flight was sent, or `Long.MAX_VALUE`.
    public long oldestSentNs() {
        return first < next ? sentNs[slot(first)] : Long.MAX_VALUE;
    }

    /// When message `number` was sent, or -1 if it is no longer in flight.
    public long sentNs(long number) {
        return number >= first && number < next && content[slot(number)] != EMPTY ? sentNs[slot(number)] : -1;
    }

    /// Counts a message that the peer will not acknowledge.
    public void onSentUnreliable(Fate fate) {
        makeRoom(fate);
        put(EMPTY, 0, 0);
        trim();
    }

    /// Counts a message that the peer will acknowledge.
    ///
    /// @param content what to tell about it, at least [#NO_PACKET]
    public void onSent(long content, int bytes, long nowNs, Fate fate) {
        makeRoom(fate);
        put(content, bytes, nowNs);
        eliciting++;
        bytesInFlight += bytes;
    }

    /// Takes in an ACK.
    ///
    /// @param largest number of the largest counter in it
    /// @param offset what to subtract from a number to get its counter
    /// @param lostBeforeNs messages sent before this instant, and before the largest, are lost too
    public void onAck(AckFlyweight ack, long largest, long offset, long lostBeforeNs, Fate fate) {
        for (long number = first; number <= largest; number++) {
            int slot = slot(number);
            if (content[slot] == EMPTY) {
                continue;
            }
            if (number >= offset && ack.arrived(number - offset)) {
                long acknowledged = take(slot);
                fate.acknowledged(acknowledged, bytes[slot], sentNs[slot]);
            } else if (number + PACKET_THRESHOLD <= largest || sentNs[slot] < lostBeforeNs) {
                forget(number, fate);
            }
        }
        trim();
    }

    /// Gives up on the messages sent before `beforeNs`, if they are at most `few`.
    ///
    /// @return whether they were
    public boolean loseFew(int few, long beforeNs, Fate fate) {
        int old = 0;
        for (long number = first; number < next; number++) {
            int slot = slot(number);
            if (content[slot] != EMPTY) {
                if (sentNs[slot] >= beforeNs) {
                    break;
                }
                if (++old > few) {
                    return false;
                }
            }
        }
        for (long number = first; old > 0; number++) {
            if (content[slot(number)] != EMPTY) {
                forget(number, fate);
                old--;
            }
        }
        trim();
        return true;
    }

    /// Gives up on everything in flight: the path is in doubt.
    public void loseAll(Fate fate) {
        for (long number = first; number < next; number++) {
            if (content[slot(number)] != EMPTY) {
                forget(number, fate);
            }
        }
        trim();
    }

    private void forget(long number, Fate fate) {
        int slot = slot(number);
        if (content[slot] != EMPTY) {
            long lost = take(slot);
            fate.lost(lost, bytes[slot], sentNs[slot]);
        }
    }

    private long take(int slot) {
        long taken = content[slot];
        content[slot] = EMPTY;
        eliciting--;
        bytesInFlight -= bytes[slot];
        return taken;
    }

    private void trim() {
        while (first < next && content[slot(first)] == EMPTY) {
            first++;
        }
    }

    private void makeRoom(Fate fate) {
        if (next - first <= mask) {
            return;
        }
        if (content.length < MAX_CAPACITY) {
            grow();
            return;
        }
        forget(first, fate);
        trim();
    }

    private void put(long value, int length, long nowNs) {
        int slot = slot(next);
        content[slot] = value;
        bytes[slot] = length;
        sentNs[slot] = nowNs;
        next++;
    }

    private void grow() {
        int capacity = content.length * 2;
        long[] grownContent = new long[capacity];
        long[] grownSentNs = new long[capacity];
        int[] grownBytes = new int[capacity];
        for (long number = first; number < next; number++) {
            int to = (int) number & capacity - 1;
            grownContent[to] = content[slot(number)];
            grownSentNs[to] = sentNs[slot(number)];
            grownBytes[to] = bytes[slot(number)];
        }
        content = grownContent;
        sentNs = grownSentNs;
        bytes = grownBytes;
        mask = capacity - 1;
    }

    private int slot(long number) {
        return (int) number & mask;
    }
}
