package io.onebox.engine.packet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A window over a whole TCP segment or UDP datagram inside an IP packet: its parts and its checksum.
///
/// ```
///   0            transport()        payload()            length
///   +----------------+------------------+-------------------+
///   | IPv4 or IPv6   | TCP or UDP       | payload           |
///   +----------------+------------------+-------------------+
/// ```
///
/// Fragments and packets with IPv6 extension headers are not for this window. A checksum is *partial* while its
/// field holds only the sum of the pseudo header, and the last station has to finish it: a kernel that splits a
/// packet of 64 KiB leaves that to the network card. Wrap, use, forget.
///
/// Source: RFC 9293, section 3.1; RFC 768; RFC 8200, section 8.1.
public final class SegmentFlyweight {

    private static final int IPV4_MIN_LENGTH = 20;
    private static final int IPV6_LENGTH = 40;
    private static final int TCP_MIN_LENGTH = 20;
    private static final int UDP_LENGTH = 8;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;

    /// More fragments, and the offset of this one: neither the first nor any other fragment is a whole segment.
    private static final int FRAGMENT_MASK = 0x3fff;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private MemorySegment segment = MemorySegment.NULL;
    private long at;
    private int length;
    private int transport;
    private int payload;
    private int protocol;

    /// Moves the window over the content of a packet.
    ///
    /// @return whether it is a whole segment; if not, no other method may be called
    public boolean wrap(Packet packet) {
        return wrap(packet.segment(), packet.offset(), packet.length());
    }

    /// Moves the window over `length` bytes at `offset`.
    ///
    /// @return as [#wrap(Packet)]
    public boolean wrap(MemorySegment segment, long offset, int length) {
        this.segment = segment;
        this.at = offset;
        this.length = length;
        if (length < IPV4_MIN_LENGTH + UDP_LENGTH) {
            return false;
        }
        int first = segment.get(JAVA_BYTE, offset);
        return switch (first & 0xf0) {
            case 0x40 -> {
                transport = (first & 0x0f) * 4;
                protocol = segment.get(JAVA_BYTE, offset + 9) & 0xff;
                yield transport >= IPV4_MIN_LENGTH
                        && unsignedShort(2) == length
                        && (unsignedShort(6) & FRAGMENT_MASK) == 0
                        && findPayload();
            }
            case 0x60 -> {
                transport = IPV6_LENGTH;
                protocol = segment.get(JAVA_BYTE, offset + 6) & 0xff;
                yield unsignedShort(4) + IPV6_LENGTH == length && findPayload();
            }
            default -> false;
        };
    }

    private boolean findPayload() {
        payload = transport + UDP_LENGTH;
        if (payload > length) {
            return false;
        }
        if (protocol == IpFlyweight.UDP) {
            return unsignedShort(transport + 4) == length - transport;
        }
        if (protocol != IpFlyweight.TCP || transport + TCP_MIN_LENGTH > length) {
            return false;
        }
        payload = transport + ((segment.get(JAVA_BYTE, at + transport + 12) & 0xf0) >>> 2);
        return payload >= transport + TCP_MIN_LENGTH && payload <= length;
    }

    /// Whether the packet is IPv4.
    public boolean isIpv4() {
        return (segment.get(JAVA_BYTE, at) & 0xf0) == 0x40;
    }

    /// Whether the transport is TCP; if not, it is UDP.
    public boolean isTcp() {
        return protocol == IpFlyweight.TCP;
    }

    /// Where the transport header starts: bytes of the IP header.
    public int transport() {
        return transport;
    }

    /// Where the payload starts: bytes of all headers.
    public int payload() {
        return payload;
    }

    /// Where the checksum is, from the start of the transport header.
    public int checksumOffset() {
        return isTcp() ? TCP_CHECKSUM : UDP_CHECKSUM;
    }

    /// Whether there is no checksum, which UDP over IPv4 allows.
    public boolean hasNoChecksum() {
        return !isTcp() && InternetChecksum.read(segment, checksumAt()) == 0;
    }

    /// Whether the checksum is right; a partial one is not.
    public boolean isChecksumRight() {
        return InternetChecksum.fold(
                        pseudoSum(length) + InternetChecksum.sum(segment, at + transport, length - transport))
                == InternetChecksum.RIGHT;
    }

    /// Makes the checksum partial, that of a packet of `wholeLength` bytes which begins here.
    public void startChecksum(int wholeLength) {
        InternetChecksum.writePartial(segment, checksumAt(), pseudoSum(wholeLength));
    }

    /// Finishes a partial checksum.
    public void finishChecksum() {
        InternetChecksum.writeTransport(
                segment, checksumAt(), InternetChecksum.sum(segment, at + transport, length - transport));
    }

    /// Finishes the checksum of a packet if it is partial: for somebody who does not know that it may be.
    public void finishChecksum(Packet packet) {
        if (packet.hasPartialChecksum()) {
            packet.partialChecksum(false);
            if (wrap(packet)) {
                finishChecksum();
            }
        }
    }

    private long pseudoSum(int wholeLength) {
        int addressBytes = isIpv4() ? 2 * Integer.BYTES : 4 * Long.BYTES;
        return InternetChecksum.sum(segment, at + (isIpv4() ? 12 : 8), addressBytes)
                + InternetChecksum.term(protocol)
                + InternetChecksum.term(wholeLength - transport);
    }

    private long checksumAt() {
        return at + transport + checksumOffset();
    }

    private int unsignedShort(long field) {
        return segment.get(SHORT, at + field) & 0xffff;
    }
}
