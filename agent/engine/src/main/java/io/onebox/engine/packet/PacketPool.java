package io.onebox.engine.packet;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A fixed number of packets cut from one piece of native memory. Confined to one thread.
///
/// The packet released last is acquired first, so a lightly loaded pool touches little memory.
public final class PacketPool {

    private static final long ALIGNMENT = 64;

    private final Packet[] free;
    private int available;

    /// Creates `capacity` packets in memory that lives as long as `arena`.
    public PacketPool(Arena arena, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1: " + capacity);
        }
        MemorySegment memory = arena.allocate((long) capacity * Packet.CAPACITY, ALIGNMENT);
        this.free = new Packet[capacity];
        for (int i = 0; i < capacity; i++) {
            free[capacity - 1 - i] = new Packet(this, memory.asSlice((long) i * Packet.CAPACITY, Packet.CAPACITY));
        }
        this.available = capacity;
    }

    /// Takes an empty packet, or `null` if all are in use.
    public @Nullable Packet acquire() {
        if (available == 0) {
            return null;
        }
        Packet packet = free[--available];
        packet.onAcquire();
        return packet;
    }

    /// Packets that can be acquired.
    public int available() {
        return available;
    }

    /// Packets in existence.
    public int capacity() {
        return free.length;
    }

    void release(Packet packet) {
        packet.onRelease();
        free[available++] = packet;
    }
}
