package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.onebox.agent.dataplane.DeviceCounters;
import io.onebox.agent.dataplane.DeviceDrop;
import io.onebox.agent.dataplane.PacketHandler;
import io.onebox.engine.packet.InternetChecksum;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.packet.SegmentFlyweight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Cuts what one read of a TUN device brings into packets, as the kernel would have done:
///
/// ```
///   | virtio | IP TCP | payload 1 | payload 2 | 3 |   -->   | IP TCP | payload 1 |
///                                                           | IP TCP | payload 2 |
///                                                           | IP TCP | 3 |
/// ```
///
/// Lengths, identification, sequence numbers and flags are those of each segment; checksums of TCP and UDP stay
/// partial. Whatever else needs a checksum gets it here.
public final class Segmenter {

    /// Most bytes of one read: a packet of IP's greatest length, and more than IPv6 adds to it.
    public static final int CAPACITY = VirtioHeader.LENGTH + 65_536 + 64;

    private static final int START = VirtioHeader.LENGTH;
    private static final int ROOM = Packet.CAPACITY - Packet.HEADROOM;
    private static final int IPV4_LENGTH = 2;
    private static final int IPV4_IDENTIFICATION = 4;
    private static final int IPV4_CHECKSUM = 10;
    private static final int IPV6_PAYLOAD_LENGTH = 4;
    private static final int IPV6_LENGTH = 40;
    private static final int TCP_SEQUENCE = 4;
    private static final int TCP_DATA_OFFSET = 12;
    private static final int TCP_FLAGS = 13;
    private static final int TCP_MIN_LENGTH = 20;
    private static final int UDP_LENGTH = 4;
    private static final int UDP_HEADER = 8;

    /// FIN and PSH belong to the last segment, CWR to the first (`net/ipv4/tcp_offload.c`).
    private static final int NOT_BEFORE_LAST = 0x09;

    private static final int NOT_AFTER_FIRST = 0x80;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment buffer;
    private final VirtioHeader virtio;
    private final SegmentFlyweight segment = new SegmentFlyweight();
    private final DeviceCounters counters;

    private boolean tcp;
    private boolean ipv4;
    private int transport;
    private int headers;
    private int end;
    private int segmentSize;
    private long restOfSum;

    /// Creates one with a buffer that lives as long as `arena`.
    ///
    /// @param counters what is received and dropped
    public Segmenter(Arena arena, DeviceCounters counters) {
        this.buffer = arena.allocate(CAPACITY, Long.BYTES);
        this.virtio = new VirtioHeader(buffer);
        this.counters = counters;
    }

    /// What to read into: [#CAPACITY] bytes.
    public MemorySegment buffer() {
        return buffer;
    }

    /// Hands what was read to `handler`, packet by packet.
    ///
    /// @param length bytes read
    /// @return how many packets
    public int split(int length, PacketPool pool, PacketHandler handler, long nowNs) {
        end = length;
        int type = virtio.type();
        if (type == VirtioHeader.NOT_SEGMENTED) {
            return single(pool, handler, nowNs);
        }
        if (!measure(type)) {
            counters.onDropped(DeviceDrop.FAILED, 1);
            return 0;
        }
        int count = 0;
        for (int from = headers; from < end; from += segmentSize) {
            Packet packet = pool.acquire();
            if (packet == null) {
                counters.onDropped(DeviceDrop.POOL_EMPTY, (end - from + segmentSize - 1) / segmentSize);
                return count;
            }
            cut(packet, from, count);
            count++;
            counters.onReceived();
            handler.onPacket(packet, nowNs);
        }
        return count;
    }

    private int single(PacketPool pool, PacketHandler handler, long nowNs) {
        int length = end - START;
        if (length < 0 || length > ROOM) {
            counters.onDropped(DeviceDrop.TRUNCATED, 1);
            return 0;
        }
        Packet packet = pool.acquire();
        if (packet == null) {
            counters.onDropped(DeviceDrop.POOL_EMPTY, 1);
            return 0;
        }
        packet.length(length);
        MemorySegment.copy(buffer, START, packet.segment(), packet.offset(), length);
        if (virtio.needsChecksum()) {
            leaveChecksum(packet, virtio.checksumStart(), virtio.checksumOffset());
        }
        counters.onReceived();
        handler.onPacket(packet, nowNs);
        return 1;
    }

    /// Leaves the checksum partial if the packet is of the kind that whoever writes it to a TUN device understands,
    /// or else finishes it.
    private void leaveChecksum(Packet packet, int start, int offset) {
        if (segment.wrap(packet) && segment.transport() == start && segment.checksumOffset() == offset) {
            packet.partialChecksum(true);
        } else if (start + offset + Short.BYTES <= packet.length()) {
            int at = packet.offset() + start;
            long sum = InternetChecksum.sum(packet.segment(), at, packet.length() - start);
            InternetChecksum.writeTransport(packet.segment(), at + offset, sum);
        }
    }

    /// Finds the parts of a packet to be cut.
    ///
    /// @return whether it makes sense
    private boolean measure(int type) {
        tcp = type == VirtioHeader.TCP_IPV4 || type == VirtioHeader.TCP_IPV6;
        transport = START + virtio.checksumStart();
        segmentSize = virtio.segmentSize();
        if ((!tcp && type != VirtioHeader.UDP) || !virtio.needsChecksum() || segmentSize == 0) {
            return false;
        }
        if (end < transport + TCP_MIN_LENGTH && (tcp || end < transport + UDP_HEADER)) {
            return false;
        }
        ipv4 = (buffer.get(JAVA_BYTE, START) & 0xf0) == 0x40;
        // hdr_len may cover the whole packet when it is forwarded, so the header is asked.
        int transportBytes = tcp ? (buffer.get(JAVA_BYTE, transport + TCP_DATA_OFFSET) & 0xf0) >>> 2 : UDP_HEADER;
        headers = transport + transportBytes;
        int checksumAt = transport + virtio.checksumOffset();
        if (headers >= end || checksumAt + Short.BYTES > headers || headers - START + segmentSize > ROOM) {
            return false;
        }
        restOfSum = InternetChecksum.read(buffer, checksumAt) + (~InternetChecksum.term(end - transport) & 0xffff);
        return true;
    }

    private void cut(Packet packet, int from, int index) {
        int bytes = Math.min(segmentSize, end - from);
        int headerBytes = headers - START;
        packet.length(headerBytes + bytes);
        MemorySegment out = packet.segment();
        int at = packet.offset();
        MemorySegment.copy(buffer, START, out, at, headerBytes);
        MemorySegment.copy(buffer, from, out, at + headerBytes, bytes);
        writeIp(out, at, packet.length(), index);
        int transportAt = at + transport - START;
        int transportBytes = packet.length() - (transport - START);
        if (tcp) {
            boolean last = from + bytes == end;
            out.set(INT, transportAt + TCP_SEQUENCE, out.get(INT, transportAt + TCP_SEQUENCE) + index * segmentSize);
            int cleared = (last ? 0 : NOT_BEFORE_LAST) | (index == 0 ? 0 : NOT_AFTER_FIRST);
            int flags = out.get(JAVA_BYTE, transportAt + TCP_FLAGS);
            out.set(JAVA_BYTE, transportAt + TCP_FLAGS, (byte) (flags & ~cleared));
        } else {
            out.set(SHORT, transportAt + UDP_LENGTH, (short) transportBytes);
        }
        InternetChecksum.writePartial(
                out, transportAt + virtio.checksumOffset(), restOfSum + InternetChecksum.term(transportBytes));
        leaveChecksum(packet, transport - START, virtio.checksumOffset());
    }

    private void writeIp(MemorySegment out, int at, int length, int index) {
        if (!ipv4) {
            out.set(SHORT, at + IPV6_PAYLOAD_LENGTH, (short) (length - IPV6_LENGTH));
            return;
        }
        out.set(SHORT, at + IPV4_LENGTH, (short) length);
        int identification = out.get(SHORT, at + IPV4_IDENTIFICATION) + index;
        out.set(SHORT, at + IPV4_IDENTIFICATION, (short) identification);
        out.set(SHORT, at + IPV4_CHECKSUM, (short) 0);
        InternetChecksum.write(out, at + IPV4_CHECKSUM, InternetChecksum.sum(out, at, transport - START));
    }
}
