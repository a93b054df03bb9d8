package io.onebox.engine.repair;

import io.onebox.engine.packet.Packet;
import org.jspecify.annotations.Nullable;

/// The inner packets of one number space that the peer has not acknowledged, by data sequence number, in
/// the clear, so that they can be sent again over any path.
///
/// A packet is held once however many copies of it are in flight. Grows with what is in flight and never
/// shrinks; allocates only when it grows.
public final class SentPackets {

    private static final int FIRST_CAPACITY = 64;

    private final int maxCapacity;
    private @Nullable Packet[] packets = new Packet[FIRST_CAPACITY];
    private byte[] copies = new byte[FIRST_CAPACITY];
    private byte[] repairs = new byte[FIRST_CAPACITY];
    private int mask = FIRST_CAPACITY - 1;
    private long first;
    private long next;
    private int held;

    /// @param maxCapacity packets held at the most, a power of two; beyond them the oldest is forgotten
    public SentPackets(int maxCapacity) {
        if (Integer.bitCount(maxCapacity) != 1 || maxCapacity < FIRST_CAPACITY) {
            throw new IllegalArgumentException("capacity must be a power of two from 64, was " + maxCapacity);
        }
        this.maxCapacity = maxCapacity;
    }

    /// The data sequence number the next packet gets.
    public long next() {
        return next;
    }

    /// Packets held.
    public int held() {
        return held;
    }

    /// Holds `packet`, of which no copy is in flight yet. Takes ownership.
    ///
    /// @return its data sequence number
    public long add(Packet packet) {
        if (next - first > mask) {
            makeRoom();
        }
        int slot = slot(next);
        packets[slot] = packet;
        copies[slot] = 0;
        repairs[slot] = 0;
        held++;
        return next++;
    }

    /// The packet if it is still held, or `null`. Stays with this store.
    public @Nullable Packet get(long sequence) {
        return sequence >= first && sequence < next ? packets[slot(sequence)] : null;
    }

    /// Counts one more copy in flight.
    public void onSent(long sequence) {
        copies[slot(sequence)]++;
    }

    /// Times the packet, which must be held, was sent again.
    public int repairs(long sequence) {
        return repairs[slot(sequence)];
    }

    /// Counts that the packet, which must be held, is sent again.
    public void onRepair(long sequence) {
        repairs[slot(sequence)]++;
    }

    /// The peer has the packet: it is released.
    public void onAcknowledged(long sequence) {
        release(sequence);
    }

    /// One copy was lost.
    ///
    /// @return whether the packet is still wanted and no other copy is in flight
    public boolean onLost(long sequence) {
        if (get(sequence) == null) {
            return false;
        }
        int slot = slot(sequence);
        if (copies[slot] > 0) {
            copies[slot]--;
        }
        return copies[slot] == 0;
    }

    /// Gives the packet up: it is released.
    public void forget(long sequence) {
        release(sequence);
    }

    /// Gives every packet up.
    public void clear() {
        for (long sequence = first; sequence < next; sequence++) {
            release(sequence);
        }
    }

    private void release(long sequence) {
        Packet packet = get(sequence);
        if (packet == null) {
            return;
        }
        packets[slot(sequence)] = null;
        held--;
        packet.release();
        while (first < next && packets[slot(first)] == null) {
            first++;
        }
    }

    private void makeRoom() {
        if (packets.length == maxCapacity) {
            release(first);
            return;
        }
        int capacity = packets.length * 2;
        @Nullable Packet[] grownPackets = new Packet[capacity];
        byte[] grownCopies = new byte[capacity];
        byte[] grownRepairs = new byte[capacity];
        for (long sequence = first; sequence < next; sequence++) {
            int to = (int) sequence & capacity - 1;
            grownPackets[to] = packets[slot(sequence)];
            grownCopies[to] = copies[slot(sequence)];
            grownRepairs[to] = repairs[slot(sequence)];
        }
        packets = grownPackets;
        copies = grownCopies;
        repairs = grownRepairs;
        mask = capacity - 1;
    }

    private int slot(long sequence) {
        return (int) sequence & mask;
    }
}
