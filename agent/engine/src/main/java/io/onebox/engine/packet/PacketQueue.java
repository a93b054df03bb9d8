package io.onebox.engine.packet;

import org.jspecify.annotations.Nullable;

/// A first-in, first-out queue that links packets through themselves, so that it never allocates. A
/// packet is in one queue at a time, and the queue owns it.
public final class PacketQueue {

    private @Nullable Packet head;
    private @Nullable Packet tail;
    private int count;
    private long bytes;

    /// Adds `packet` behind all others.
    public void add(Packet packet) {
        assert packet.next() == null : "already in a queue";
        Packet last = tail;
        if (last == null) {
            head = packet;
        } else {
            last.next(packet);
        }
        tail = packet;
        count++;
        bytes += packet.length();
    }

    /// The first packet, which stays in the queue, or `null`.
    public @Nullable Packet peek() {
        return head;
    }

    /// Takes the first packet, or returns `null`.
    public @Nullable Packet poll() {
        Packet packet = head;
        if (packet == null) {
            return null;
        }
        head = packet.next();
        packet.next(null);
        if (head == null) {
            tail = null;
        }
        count--;
        bytes -= packet.length();
        return packet;
    }

    /// Packets in the queue.
    public int count() {
        return count;
    }

    /// Bytes of content in the queue.
    public long bytes() {
        return bytes;
    }

    /// Whether the queue is empty.
    public boolean isEmpty() {
        return head == null;
    }

    /// Releases every packet.
    public void clear() {
        for (Packet packet = poll(); packet != null; packet = poll()) {
            packet.release();
        }
    }
}
