package io.onebox.simulator.traffic;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.ByteOrder.BIG_ENDIAN;

import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.Packet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A movable window over the IP header at the start of a packet, IPv4 without options (RFC 791) or
/// IPv6 without extension headers (RFC 8200).
final class IpHeader {

    static final int IPV4_LENGTH = 20;
    static final int IPV6_LENGTH = 40;

    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMPV6 = 58;

    /// ECN codepoints (RFC 3168, section 5).
    static final int ECT0 = 2;

    static final int CE = 3;

    static final ValueLayout.OfShort SHORT = JAVA_SHORT_UNALIGNED.withOrder(BIG_ENDIAN);
    static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);
    static final ValueLayout.OfLong LONG = JAVA_LONG_UNALIGNED.withOrder(BIG_ENDIAN);

    private static final int DONT_FRAGMENT = 0x4000;
    private static final int HOP_LIMIT = 64;

    private MemorySegment segment = MemorySegment.NULL;
    private long start;
    private boolean isIpv4;

    /// Moves the window to the content of `packet`.
    ///
    /// @return whether there is a whole header
    boolean wrap(Packet packet) {
        segment = packet.segment();
        start = packet.offset();
        if (packet.length() < IPV4_LENGTH) {
            return false;
        }
        int version = (segment.get(JAVA_BYTE, start) & 0xf0) >> 4;
        isIpv4 = version == 4;
        return isIpv4 || (version == 6 && packet.length() >= IPV6_LENGTH);
    }

    static int length(Address from) {
        return from.isIpv4() ? IPV4_LENGTH : IPV6_LENGTH;
    }

    /// Writes the header of a packet whose length is set.
    void write(Packet packet, Address from, Address to, int protocol, int trafficClass) {
        segment = packet.segment();
        start = packet.offset();
        isIpv4 = from.isIpv4();
        if (isIpv4) {
            writeIpv4(packet.length(), from, to, protocol, trafficClass);
        } else {
            segment.set(INT, start, 6 << 28 | trafficClass << 20);
            segment.set(INT, start + 4, (packet.length() - IPV6_LENGTH) << 16 | protocol << 8 | HOP_LIMIT);
            segment.set(LONG, start + 8, from.high());
            segment.set(LONG, start + 16, from.low());
            segment.set(LONG, start + 24, to.high());
            segment.set(LONG, start + 32, to.low());
        }
    }

    private void writeIpv4(int length, Address from, Address to, int protocol, int trafficClass) {
        segment.set(INT, start, 0x45 << 24 | trafficClass << 16 | length);
        segment.set(INT, start + 4, DONT_FRAGMENT);
        segment.set(INT, start + 8, HOP_LIMIT << 24 | protocol << 16);
        segment.set(INT, start + 12, (int) from.low());
        segment.set(INT, start + 16, (int) to.low());
        int sum = 0;
        for (int i = 0; i < IPV4_LENGTH; i += Short.BYTES) {
            sum += Short.toUnsignedInt(segment.get(SHORT, start + i));
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        segment.set(SHORT, start + 10, (short) ~sum);
    }

    int length() {
        return isIpv4 ? IPV4_LENGTH : IPV6_LENGTH;
    }

    int protocol() {
        return Byte.toUnsignedInt(segment.get(JAVA_BYTE, start + (isIpv4 ? 9 : 6)));
    }

    /// The two bits of congestion notification.
    int ecn() {
        return isIpv4 ? segment.get(JAVA_BYTE, start + 1) & 3 : segment.get(JAVA_BYTE, start + 1) >> 4 & 3;
    }

    long sourceHigh() {
        return isIpv4 ? 0 : segment.get(LONG, start + 8);
    }

    long sourceLow() {
        return isIpv4 ? Endpoint.mapped(segment.get(INT, start + 12)) : segment.get(LONG, start + 16);
    }

    long targetHigh() {
        return isIpv4 ? 0 : segment.get(LONG, start + 24);
    }

    long targetLow() {
        return isIpv4 ? Endpoint.mapped(segment.get(INT, start + 16)) : segment.get(LONG, start + 32);
    }
}
