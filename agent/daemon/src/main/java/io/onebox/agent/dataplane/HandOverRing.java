package io.onebox.agent.dataplane;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Packets on their way from one shard to another: copies in a bounded ring, written by one thread and read by one
/// other. Nothing else of a packet is ever seen by two. A ring that nobody writes to has no packets.
final class HandOverRing {

    /// Two batches of packets and what two reads of TUN may bring beyond. A power of two.
    static final int CAPACITY = 512;

    private static final int MASK = CAPACITY - 1;

    private final Supplier<Arena> arenas;
    private Packet[] slots = {};
    private boolean[] inner = {};
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong read = new AtomicLong();

    /// @param arenas give memory that both threads may touch
    HandOverRing(Supplier<Arena> arenas) {
        this.arenas = arenas;
    }

    /// Copies a packet into the ring, unless it is full. For the writer.
    boolean offer(boolean isInner, Packet packet) {
        long next = written.getPlain();
        if (next - read.getAcquire() == CAPACITY) {
            return false;
        }
        if (slots.length == 0) {
            allocate(); // The reader looks at them only after it has seen `written` move.
        }
        int slot = (int) next & MASK;
        slots[slot].copyFrom(packet);
        inner[slot] = isInner;
        written.setRelease(next + 1);
        return true;
    }

    private void allocate() {
        var pool = new PacketPool(arenas.get(), CAPACITY);
        slots = new Packet[CAPACITY];
        inner = new boolean[CAPACITY];
        for (int i = 0; i < CAPACITY; i++) {
            Packet slot = pool.acquire();
            if (slot == null) {
                throw new IllegalStateException("a pool of " + CAPACITY + " packets had only " + i);
            }
            slots[i] = slot;
        }
    }

    /// Shows the oldest packets to `reader`, `limit` at the most. For the reader.
    void poll(Reader reader, long nowNs, int limit) {
        long next = read.getPlain();
        long end = Math.min(written.getAcquire(), next + limit);
        while (next < end) {
            int slot = (int) next & MASK;
            reader.onPacket(inner[slot], slots[slot], nowNs);
            read.setRelease(++next);
        }
    }

    /// Whether nothing waits. For the reader.
    boolean isEmpty() {
        return written.getAcquire() == read.getPlain();
    }

    /// Who reads.
    @FunctionalInterface
    interface Reader {

        /// Sees a packet, which stays with the ring: to be copied.
        ///
        /// @param isInner whether it comes from TUN; a datagram otherwise
        void onPacket(boolean isInner, Packet packet, long nowNs);
    }
}
