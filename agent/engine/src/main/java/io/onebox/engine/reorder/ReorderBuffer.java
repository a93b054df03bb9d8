package io.onebox.engine.reorder;

import io.onebox.engine.packet.Packet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Holds inner packets until they are in order and due, but never waits for a missing one for longer
/// than a repair takes: a tunnel restores order, it does not guarantee delivery.
///
/// ```
///   delivered | missing |  held  | missing | held | held
///             ^ next              ^ its turn comes when 'next' arrives or is given up
/// ```
///
/// Guarantees, all checked by `ReorderBufferTest`:
///   - every offered packet is delivered exactly once;
///   - packets are delivered in increasing order, except those that arrive after being given up;
///   - with [#release] called at each deadline, no packet waits longer than its due time plus the
///     patience that was in force.
///
/// Callers remove duplicates first. Not thread safe. Allocates only when it grows.
public final class ReorderBuffer {

    /// The deadline of an empty buffer.
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    private static final int FIRST_CAPACITY = 64;

    private final int maxCapacity;
    private final Consumer<Packet> output;

    private @Nullable Packet[] held = new Packet[FIRST_CAPACITY];
    private int mask = FIRST_CAPACITY - 1;
    private long next;
    private long greatest = -1;
    private int heldCount;
    private long leastDueNs;
    private boolean leastIsStale;
    private boolean started;

    /// Creates an empty buffer that expects whatever comes first.
    ///
    /// @param maxCapacity span of numbers that can be held, a power of two
    /// @param output takes ownership of each delivered packet
    public ReorderBuffer(int maxCapacity, Consumer<Packet> output) {
        if (Integer.bitCount(maxCapacity) != 1 || maxCapacity < FIRST_CAPACITY) {
            throw new IllegalArgumentException("capacity must be a power of two from 64, was " + maxCapacity);
        }
        this.maxCapacity = maxCapacity;
        this.output = output;
    }

    /// Takes a packet with its data sequence number. [Packet#timeNs] says when it is due. Takes ownership.
    ///
    /// @return whether it is late: a later packet was delivered before
    public boolean offer(Packet packet) {
        long sequence = packet.dataSequence();
        if (!started) {
            started = true;
            next = sequence;
            greatest = sequence;
        }
        if (sequence < next) {
            output.accept(packet);
            return true;
        }
        makeRoom(sequence);
        held[slot(sequence)] = packet;
        leastDueNs = heldCount == 0 ? packet.timeNs() : Math.min(leastDueNs, packet.timeNs());
        greatest = Math.max(greatest, sequence);
        heldCount++;
        return false;
    }

    /// Delivers what is in order and due, and gives up on what is missing for too long.
    ///
    /// @param patienceNs how long after a packet is due to wait for those before it
    /// @return when to call again, or [#NO_DEADLINE]
    public long release(long patienceNs, long nowNs) {
        while (heldCount > 0) {
            Packet packet = held[slot(next)];
            if (packet != null) {
                if (packet.timeNs() > nowNs) {
                    return packet.timeNs();
                }
                deliver(packet);
                continue;
            }
            long giveUpNs = leastDueNs() + patienceNs;
            if (giveUpNs > nowNs) {
                return giveUpNs;
            }
            next = firstHeld();
        }
        return NO_DEADLINE;
    }

    /// Packets waiting for others or for their time.
    public int heldCount() {
        return heldCount;
    }

    /// The data sequence number expected next.
    public long next() {
        return next;
    }

    /// Whether a packet is missing in front of one that is held.
    public boolean hasGap() {
        return heldCount > 0 && held[slot(next)] == null;
    }

    /// Delivers everything at once and expects whatever comes first: the peer began a new life.
    public void restart() {
        while (heldCount > 0) {
            Packet packet = held[slot(next)];
            if (packet == null) {
                next++;
            } else {
                deliver(packet);
            }
        }
        started = false;
    }

    private void deliver(Packet packet) {
        held[slot(next)] = null;
        heldCount--;
        leastIsStale |= packet.timeNs() <= leastDueNs;
        next++;
        output.accept(packet);
    }

    /// When the first of the held packets was due: its wait is what is bounded, wherever it stands.
    private long leastDueNs() {
        if (leastIsStale) {
            leastIsStale = false;
            leastDueNs = Long.MAX_VALUE;
            for (long sequence = next; sequence <= greatest; sequence++) {
                Packet packet = held[slot(sequence)];
                leastDueNs = packet == null ? leastDueNs : Math.min(leastDueNs, packet.timeNs());
            }
        }
        return leastDueNs;
    }

    private long firstHeld() {
        long sequence = next;
        while (sequence <= greatest && held[slot(sequence)] == null) {
            sequence++;
        }
        return sequence;
    }

    /// Makes the span from `next` to `sequence` fit: grows, or delivers the oldest.
    private void makeRoom(long sequence) {
        while (sequence - next > mask && held.length < maxCapacity) {
            grow();
        }
        while (sequence - next > mask) {
            if (heldCount == 0) {
                next = sequence;
                return;
            }
            Packet packet = held[slot(next)];
            if (packet == null) {
                next++;
            } else {
                deliver(packet);
            }
        }
    }

    private void grow() {
        int capacity = held.length * 2;
        @Nullable Packet[] grown = new Packet[capacity];
        for (long sequence = next; sequence <= greatest; sequence++) {
            grown[(int) sequence & capacity - 1] = held[slot(sequence)];
        }
        held = grown;
        mask = capacity - 1;
    }

    private int slot(long sequence) {
        return (int) sequence & mask;
    }
}
