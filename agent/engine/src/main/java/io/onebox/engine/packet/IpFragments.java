package io.onebox.engine.packet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Cuts an IP packet to pieces that its destination puts together again.
///
/// IPv4 without DF as in RFC 791, section 3.2. IPv6 only up to 1280 bytes: whoever offers IPv6 a link that carries
/// less must cut below IPv6 (RFC 8200, section 5), and senders do not believe a smaller MTU; the pieces get a fragment
/// header (section 4.5) in front of everything behind the first header.
///
/// Wrap, take every piece, forget.
public final class IpFragments {

    private static final int IPV6_HEADER = 40;
    private static final int IPV6_MIN_MTU = 1_280;
    private static final int FRAGMENT_HEADER = 8;
    private static final byte FRAGMENT = 44;

    private static final int DONT_FRAGMENT = 0x4000;
    private static final int MORE = 0x2000;
    private static final int OFFSET_MASK = 0x1fff;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private MemorySegment segment = MemorySegment.NULL;
    private long at;
    private boolean isIpv4;
    private int headerBytes;
    private int pieceBytes;
    private int done;
    private int total;
    private int number;

    /// Moves the window over `packet`, which must be a plausible IP packet.
    ///
    /// @return whether it may be cut to pieces of at most `mtuBytes`
    public boolean wrap(Packet packet, int mtuBytes) {
        segment = packet.segment();
        at = packet.offset();
        isIpv4 = (segment.get(JAVA_BYTE, at) & 0xf0) == 0x40;
        headerBytes = isIpv4 ? (segment.get(JAVA_BYTE, at) & 0x0f) * 4 : IPV6_HEADER;
        int room = mtuBytes - headerBytes - (isIpv4 ? 0 : FRAGMENT_HEADER);
        pieceBytes = room & -8;
        done = 0;
        total = packet.length() - headerBytes;
        number++;
        if (pieceBytes <= 0) {
            return false;
        }
        return isIpv4
                ? (unsignedShort(6) & DONT_FRAGMENT) == 0
                : packet.length() <= IPV6_MIN_MTU && segment.get(JAVA_BYTE, at + 6) != FRAGMENT;
    }

    /// Whether [#next] has another piece.
    public boolean hasMore() {
        return done < total;
    }

    /// Writes the next piece into an empty packet.
    public void next(Packet piece) {
        int bytes = Math.min(pieceBytes, total - done);
        boolean isLast = done + bytes == total;
        int front = headerBytes + (isIpv4 ? 0 : FRAGMENT_HEADER);
        piece.length(front + bytes);
        MemorySegment to = piece.segment();
        long start = piece.offset();
        MemorySegment.copy(segment, at, to, start, headerBytes);
        MemorySegment.copy(segment, at + headerBytes + done, to, start + front, bytes);
        if (isIpv4) {
            int before = unsignedShort(6);
            int offset = (before & OFFSET_MASK) + done / 8;
            to.set(SHORT, start + 2, (short) (front + bytes));
            to.set(SHORT, start + 6, (short) (offset | (isLast ? before & MORE : MORE)));
            to.set(SHORT, start + 10, (short) 0);
            InternetChecksum.write(to, start + 10, InternetChecksum.sum(to, start, headerBytes));
        } else {
            to.set(SHORT, start + 4, (short) (FRAGMENT_HEADER + bytes));
            to.set(JAVA_BYTE, start + 6, FRAGMENT);
            to.set(JAVA_BYTE, start + IPV6_HEADER, segment.get(JAVA_BYTE, at + 6));
            to.set(JAVA_BYTE, start + IPV6_HEADER + 1, (byte) 0);
            to.set(SHORT, start + IPV6_HEADER + 2, (short) (done | (isLast ? 0 : 1)));
            to.set(INT, start + IPV6_HEADER + 4, number);
        }
        done += bytes;
    }

    private int unsignedShort(long field) {
        return segment.get(SHORT, at + field) & 0xffff;
    }
}
