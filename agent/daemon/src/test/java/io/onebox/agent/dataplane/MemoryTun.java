package io.onebox.agent.dataplane;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

/// A TUN device without a kernel: brings a number of equal packets, and keeps the last one it was sent.
final class MemoryTun implements TunDevice {

    private static final int MTU = 1_400;

    private final DeviceCounters counters = new DeviceCounters();
    private final byte[] content = new byte[MTU];
    private final byte[] last = new byte[MTU];
    private int length;
    private int waiting;

    /// Writes a packet into `content` and lets `count` of it wait.
    void bring(int count, int packetLength, Consumer<byte[]> writer) {
        writer.accept(content);
        length = packetLength;
        waiting = count;
    }

    /// Lets more of the same packet wait.
    void bring(int count) {
        waiting = count;
    }

    int waiting() {
        return waiting;
    }

    long delivered() {
        return counters.snapshot("").sent();
    }

    byte[] last() {
        return last;
    }

    @Override
    public int receive(PacketPool pool, PacketHandler handler, long nowNs, int limit) {
        int count = 0;
        while (count < limit && waiting > 0) {
            Packet packet = pool.acquire();
            if (packet == null) {
                return count;
            }
            packet.length(length);
            MemorySegment.copy(content, 0, packet.segment(), ValueLayout.JAVA_BYTE, packet.offset(), length);
            waiting--;
            count++;
            counters.onReceived();
            handler.onPacket(packet, nowNs);
        }
        return count;
    }

    @Override
    public void send(Packet packet) {
        MemorySegment.copy(packet.segment(), ValueLayout.JAVA_BYTE, packet.offset(), last, 0, packet.length());
        counters.onSent(1);
        packet.release();
    }

    @Override
    public void flush() {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public int interfaceIndex() {
        return 0;
    }

    @Override
    public void mtu(int mtuBytes) {}

    @Override
    public DeviceCounters counters() {
        return counters;
    }

    @Override
    public void close() {}
}
