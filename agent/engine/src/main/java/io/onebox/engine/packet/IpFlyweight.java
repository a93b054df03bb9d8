package io.onebox.engine.packet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A window over an inner IP packet: what the tunnel needs to know of it. All fields are big endian.
///
/// ```
///  IPv4  0: version 4 | ihl     IPv6  0: version 6 | traffic class | flow label
///        1: DSCP | ECN                4: payload length
///        2: total length              6: next header
///        9: protocol                  8: source, 16 bytes
///       12: source, 4 bytes          24: destination, 16 bytes
///       16: destination, 4 bytes
/// ```
///
/// Wrap, use, forget. Source: RFC 791, section 3.1; RFC 8200, section 3; RFC 3168, section 5.
public final class IpFlyweight {

    /// Protocol numbers (IANA).
    public static final int TCP = 6;

    /// See [#TCP].
    public static final int UDP = 17;

    private static final int IPV4_MIN_LENGTH = 20;
    private static final int IPV6_LENGTH = 40;
    private static final int IPV6_FRAGMENT = 44;
    /// ECN codepoints (RFC 3168, section 5).
    public static final int NOT_ECT = 0;

    public static final int ECT_1 = 1;
    public static final int ECT_0 = 2;
    public static final int CE = 3;

    private static final int ECN_MASK = 3;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private MemorySegment segment = MemorySegment.NULL;
    private long at;
    private int length;

    /// Moves the window over `length` bytes at `offset`.
    ///
    /// @return whether they are a plausible IP packet, exactly as long as its header says; if not, no
    ///     other method may be called
    public boolean wrap(MemorySegment segment, long offset, int length) {
        this.segment = segment;
        this.at = offset;
        this.length = length;
        if (length < IPV4_MIN_LENGTH) {
            return false;
        }
        return switch (version()) {
            case 4 -> headerLength() >= IPV4_MIN_LENGTH && headerLength() <= length && unsignedShort(2) == length;
            case 6 -> length >= IPV6_LENGTH && unsignedShort(4) + IPV6_LENGTH == length;
            default -> false;
        };
    }

    /// 4 or 6.
    public int version() {
        return (segment.get(JAVA_BYTE, at) & 0xf0) >>> 4;
    }

    /// High half of the source address; IPv4 is mapped.
    public long sourceHigh() {
        return version() == 4 ? 0 : segment.get(LONG, at + 8);
    }

    /// Low half of the source address.
    public long sourceLow() {
        return version() == 4 ? Endpoint.mapped(segment.get(INT, at + 12)) : segment.get(LONG, at + 16);
    }

    /// High half of the destination address.
    public long destinationHigh() {
        return version() == 4 ? 0 : segment.get(LONG, at + 24);
    }

    /// Low half of the destination address.
    public long destinationLow() {
        return version() == 4 ? Endpoint.mapped(segment.get(INT, at + 16)) : segment.get(LONG, at + 32);
    }

    /// The transport protocol; extension headers of IPv6 count as protocols.
    public int protocol() {
        return segment.get(JAVA_BYTE, at + (version() == 4 ? 9 : 6)) & 0xff;
    }

    /// Differentiated services code point, `0..63`.
    public int dscp() {
        return trafficClass() >>> 2;
    }

    /// ECN field: [#NOT_ECT], [#ECT_1], [#ECT_0] or [#CE].
    public int ecn() {
        return trafficClass() & ECN_MASK;
    }

    /// Sets the ECN field; keeps the IPv4 checksum right (RFC 1624).
    public void ecn(int ecn) {
        if (version() == 6) {
            int others = segment.get(JAVA_BYTE, at + 1) & ~(ECN_MASK << 4);
            segment.set(JAVA_BYTE, at + 1, (byte) (others | (ecn << 4)));
            return;
        }
        int before = unsignedShort(0);
        int after = (before & ~ECN_MASK) | ecn;
        segment.set(SHORT, at, (short) after);
        int sum = (~unsignedShort(10) & 0xffff) + (~before & 0xffff) + after;
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        segment.set(SHORT, at + 10, (short) ~sum);
    }

    /// Whether this is TCP without payload and without SYN, FIN or RST: an acknowledgement only.
    public boolean isPureAck() {
        if (protocol() != TCP || !hasPorts()) {
            return false;
        }
        int tcp = headerLength();
        if (length < tcp + 20) {
            return false;
        }
        int dataOffset = (segment.get(JAVA_BYTE, at + tcp + 12) & 0xf0) >>> 2;
        int flags = segment.get(JAVA_BYTE, at + tcp + 13);
        return length == tcp + dataOffset && (flags & 0x07) == 0;
    }

    /// Whether this has ports and one of them is `port`.
    public boolean hasPort(int port) {
        return hasPorts()
                && (unsignedShort(headerLength()) == port || unsignedShort(headerLength() + Short.BYTES) == port);
    }

    /// A hash of addresses, protocol and, if the packet has them, ports. Fragments of a packet hash
    /// alike, without ports.
    public int flowHash() {
        long hash = mix(sourceHigh() ^ Long.rotateLeft(destinationHigh(), 32), sourceLow());
        hash = mix(hash, destinationLow());
        hash = mix(hash, protocol());
        if (hasPorts()) {
            hash = mix(hash, segment.get(INT, at + headerLength()));
        }
        return (int) (hash ^ hash >>> 32);
    }

    private boolean hasPorts() {
        int protocol = protocol();
        if ((protocol != TCP && protocol != UDP) || length < headerLength() + 8) {
            return false;
        }
        return version() == 6 ? protocol != IPV6_FRAGMENT : (unsignedShort(6) & 0x3fff) == 0;
    }

    private int headerLength() {
        return version() == 4 ? (segment.get(JAVA_BYTE, at) & 0x0f) * 4 : IPV6_LENGTH;
    }

    private int trafficClass() {
        return version() == 4 ? segment.get(JAVA_BYTE, at + 1) & 0xff : unsignedShort(0) >>> 4 & 0xff;
    }

    private int unsignedShort(long field) {
        return segment.get(SHORT, at + field) & 0xffff;
    }

    /// Finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
    private static long mix(long hash, long value) {
        long z = (hash ^ value) + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
