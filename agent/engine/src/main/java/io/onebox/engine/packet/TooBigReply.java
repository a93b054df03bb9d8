package io.onebox.engine.packet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The answer to an IP packet that is too big: ICMP *fragmentation needed* (RFC 1191, section 4) or ICMPv6 *packet too
/// big* (RFC 4443, section 3.2).
///
/// ```
///   0: IP header: from the packet's destination to its source
///      type | code | checksum | IPv4: 0, next-hop MTU (16)   IPv6: MTU (32)
///      the packet, as much of it as an answer may hold
/// ```
///
/// It comes from the packet's destination, because that is an address which the sender's routes and filters expect
/// to see behind the tunnel.
public final class TooBigReply {

    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int ICMP_HEADER = 8;

    /// Longest answers: RFC 1812, section 4.3.2.3, and RFC 4443, section 2.4 (c).
    private static final int IPV4_MOST = 576;

    private static final int IPV6_MOST = 1_280;

    private static final byte ICMP = 1;
    private static final byte ICMPV6 = 58;
    private static final byte HOPS = 64;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// Whether `packet`, a plausible IP packet, may be answered: not if it comes from or goes to more or
    /// less than one host, if it is a later fragment, or an error itself (RFC 1122, section 3.2.2;
    /// RFC 4443, section 2.4, e).
    public boolean isDue(Packet packet) {
        MemorySegment in = packet.segment();
        long at = packet.offset();
        return isIpv4(in, at) ? isDueIpv4(in, at, packet.length()) : isDueIpv6(in, at, packet.length());
    }

    /// Writes the answer to `packet` into an empty packet.
    ///
    /// @param mtuBytes what the sender should send at the most
    public void write(Packet packet, int mtuBytes, Packet answer) {
        if (isIpv4(packet.segment(), packet.offset())) {
            writeIpv4(packet, mtuBytes, answer);
        } else {
            writeIpv6(packet, mtuBytes, answer);
        }
    }

    private static boolean isIpv4(MemorySegment in, long at) {
        return (in.get(JAVA_BYTE, at) & 0xf0) == 0x40;
    }

    private static boolean isDueIpv4(MemorySegment in, long at, int length) {
        int headerBytes = (in.get(JAVA_BYTE, at) & 0x0f) * 4;
        boolean isFirst = (in.get(SHORT, at + 6) & 0x1fff) == 0;
        if (!isFirst || !isHost(in.get(INT, at + 12)) || !isHost(in.get(INT, at + 16))) {
            return false;
        }
        if (in.get(JAVA_BYTE, at + 9) != ICMP || length < headerBytes + 1) {
            return true;
        }
        int type = in.get(JAVA_BYTE, at + headerBytes);
        return type == 0 || type == 8 || type >= 13;
    }

    /// Neither this network, nor this host, nor a group, nor reserved, nor everybody.
    private static boolean isHost(int address) {
        int first = address >>> 24;
        return first != 0 && first != 127 && first < 224;
    }

    private static boolean isDueIpv6(MemorySegment in, long at, int length) {
        if (!isHost(in, at + 8) || !isHost(in, at + 24)) {
            return false;
        }
        return in.get(JAVA_BYTE, at + 6) != ICMPV6 || length <= IPV6_HEADER || in.get(JAVA_BYTE, at + IPV6_HEADER) < 0;
    }

    private static boolean isHost(MemorySegment in, long at) {
        boolean isGroup = in.get(JAVA_BYTE, at) == -1;
        long low = in.get(LONG, at + Long.BYTES);
        return !isGroup && (in.get(LONG, at) != 0 || low < 0 || low > 1);
    }

    private static void writeIpv4(Packet packet, int mtuBytes, Packet answer) {
        int quoted = Math.min(packet.length(), IPV4_MOST - IPV4_HEADER - ICMP_HEADER);
        MemorySegment in = packet.segment();
        answer.length(IPV4_HEADER + ICMP_HEADER + quoted);
        MemorySegment out = answer.segment();
        long at = answer.offset();
        out.set(INT, at, 0x45_00_00_00 | answer.length());
        out.set(INT, at + 4, 0);
        out.set(INT, at + 8, HOPS << 24 | ICMP << 16);
        out.set(INT, at + 12, in.get(INT, packet.offset() + 16));
        out.set(INT, at + 16, in.get(INT, packet.offset() + 12));
        InternetChecksum.write(out, at + 10, InternetChecksum.sum(out, at, IPV4_HEADER));
        long icmp = at + IPV4_HEADER;
        out.set(INT, icmp, 3 << 24 | 4 << 16);
        out.set(INT, icmp + 4, mtuBytes);
        MemorySegment.copy(in, packet.offset(), out, icmp + ICMP_HEADER, quoted);
        InternetChecksum.write(out, icmp + 2, InternetChecksum.sum(out, icmp, ICMP_HEADER + quoted));
    }

    private static void writeIpv6(Packet packet, int mtuBytes, Packet answer) {
        int quoted = Math.min(packet.length(), IPV6_MOST - IPV6_HEADER - ICMP_HEADER);
        int body = ICMP_HEADER + quoted;
        MemorySegment in = packet.segment();
        answer.length(IPV6_HEADER + body);
        MemorySegment out = answer.segment();
        long at = answer.offset();
        out.set(INT, at, 0x60 << 24);
        out.set(INT, at + 4, body << 16 | ICMPV6 << 8 | HOPS);
        MemorySegment.copy(in, packet.offset() + 24, out, at + 8, 16);
        MemorySegment.copy(in, packet.offset() + 8, out, at + 24, 16);
        long icmp = at + IPV6_HEADER;
        out.set(INT, icmp, 2 << 24);
        out.set(INT, icmp + 4, Math.max(mtuBytes, IPV6_MOST));
        MemorySegment.copy(in, packet.offset(), out, icmp + ICMP_HEADER, quoted);
        long pseudo =
                InternetChecksum.sum(out, at + 8, 32) + InternetChecksum.term(body) + InternetChecksum.term(ICMPV6);
        InternetChecksum.write(out, icmp + 2, pseudo + InternetChecksum.sum(out, icmp, body));
    }
}
