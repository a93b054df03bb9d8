package io.onebox.simulator;

import io.onebox.engine.packet.Packet;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Bytes on a wire, with the addresses of their IP header: what is left when a packet has been handed to
/// the kernel and its memory belongs to somebody else again. Reused; also the event of its own arrival.
final class Datagram implements Runnable {

    private final byte[] content = new byte[Packet.CAPACITY];
    private final MemorySegment segment = MemorySegment.ofArray(content);
    private int length;

    long sourceHigh;
    long sourceLow;
    int sourcePort;
    long targetHigh;
    long targetLow;
    int targetPort;

    @Nullable
    Pipe pipe;

    long lineNs;
    int generation;

    int length() {
        return length;
    }

    /// Takes a copy of the content of `packet`.
    void copyFrom(Packet packet) {
        length = packet.length();
        MemorySegment.copy(packet.segment(), packet.offset(), segment, 0, length);
    }

    /// Copies content and addresses of `other`.
    void copyFrom(Datagram other) {
        length = other.length;
        MemorySegment.copy(other.segment, 0, segment, 0, length);
        source(other.sourceHigh, other.sourceLow, other.sourcePort);
        target(other.targetHigh, other.targetLow, other.targetPort);
    }

    /// Makes the content `bytes`.
    void content(byte[] bytes) {
        length = bytes.length;
        System.arraycopy(bytes, 0, content, 0, length);
    }

    /// Writes the content into an empty packet.
    void copyTo(Packet packet) {
        packet.length(length);
        MemorySegment.copy(segment, 0, packet.segment(), packet.offset(), length);
    }

    void source(long high, long low, int port) {
        sourceHigh = high;
        sourceLow = low;
        sourcePort = port;
    }

    void target(long high, long low, int port) {
        targetHigh = high;
        targetLow = low;
        targetPort = port;
    }

    /// Changes the byte at `index` by a mask that is not 0.
    void corrupt(int index, int mask) {
        content[index] ^= (byte) mask;
    }

    /// Arrives.
    @Override
    public void run() {
        if (pipe != null) {
            pipe.onDue(this);
        }
    }
}
