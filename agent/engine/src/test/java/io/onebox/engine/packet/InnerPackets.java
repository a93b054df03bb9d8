package io.onebox.engine.packet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Inner packets for tests, cut from a pool, with headers as a kernel would write them.
public final class InnerPackets {

    /// Protocol number of ICMP (IANA).
    public static final int ICMP = 1;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final PacketPool pool;

    public InnerPackets(PacketPool pool) {
        this.pool = pool;
    }

    public InnerPackets(int capacity) {
        this(new PacketPool(Arena.ofAuto(), capacity));
    }

    public PacketPool pool() {
        return pool;
    }

    /// Whether every packet is back.
    public boolean allReturned() {
        return pool.available() == pool.capacity();
    }

    /// A packet of `length` bytes without a plausible header.
    public Packet blank(int length) {
        Packet packet = pool.acquire();
        if (packet == null) {
            throw new IllegalStateException("a test of this size needs more packets");
        }
        packet.length(length);
        packet.segment().asSlice(packet.offset(), length).fill((byte) 0);
        return packet;
    }

    /// An IPv4 packet without options, its ports zero.
    public Packet ipv4(int protocol, int source, int destination, int length) {
        Packet packet = blank(length);
        set(packet, 0, 0x4500);
        set(packet, 2, length);
        set(packet, 8, 0x4000 | protocol);
        packet.segment().set(INT, packet.offset() + 12, source);
        packet.segment().set(INT, packet.offset() + 16, destination);
        set(packet, 10, 0xffff ^ onesSum(packet, 20));
        return packet;
    }

    /// An IPv6 packet without extension headers; both addresses are documentation addresses that end as given.
    public Packet ipv6(int protocol, long source, long destination, int length) {
        Packet packet = blank(length);
        set(packet, 0, 0x6000);
        set(packet, 4, length - 40);
        set(packet, 6, protocol << Byte.SIZE | 64);
        packet.segment().set(LONG, packet.offset() + 8, 0x20010db800000000L);
        packet.segment().set(LONG, packet.offset() + 16, source);
        packet.segment().set(LONG, packet.offset() + 24, 0x20010db800000000L);
        packet.segment().set(LONG, packet.offset() + 32, destination);
        return packet;
    }

    /// Writes the ports behind a header without options.
    public static Packet ports(Packet packet, int source, int destination) {
        int at = isIpv4(packet) ? 20 : 40;
        set(packet, at, source);
        set(packet, at + 2, destination);
        return packet;
    }

    /// Writes the ECN field, and the checksum of IPv4.
    public static Packet ecn(Packet packet, int ecn) {
        if (isIpv4(packet)) {
            set(packet, 0, 0x4500 | ecn);
            set(packet, 10, 0);
            set(packet, 10, 0xffff ^ onesSum(packet, 20));
        } else {
            set(packet, 0, 0x6000 | ecn << 4);
        }
        return packet;
    }

    /// Writes two bytes of the content.
    public static void set(Packet packet, int at, int value) {
        packet.segment().set(SHORT, packet.offset() + at, (short) value);
    }

    /// Reads two bytes of the content.
    public static int get(Packet packet, int at) {
        return packet.segment().get(SHORT, packet.offset() + at) & 0xffff;
    }

    /// The ones' complement sum of the first `length` bytes: 0xffff over a header with its checksum.
    public static int onesSum(Packet packet, int length) {
        int sum = 0;
        for (int at = 0; at < length; at += 2) {
            sum += get(packet, at);
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }

    private static boolean isIpv4(Packet packet) {
        return packet.segment().get(JAVA_BYTE, packet.offset()) >>> 4 == 4;
    }
}
