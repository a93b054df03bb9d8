package io.onebox.engine.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The checksum of IP, TCP and UDP: the ones' complement sum of 16-bit words (RFC 1071).
///
/// The sum does not depend on the byte order as long as it is read and written in the same one, so it is
/// computed little endian, eight bytes at a time.
public final class InternetChecksum {

    /// The folded sum of anything that contains its own right checksum.
    static final int RIGHT = 0xffff;

    private static final long LOW = 0xffff_ffffL;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private InternetChecksum() {}

    /// The sum of `length` bytes at `offset`; sums may be added, then [#fold]ed.
    public static long sum(MemorySegment segment, long offset, int length) {
        long sum = 0;
        int at = 0;
        for (; at <= length - Long.BYTES; at += Long.BYTES) {
            long word = segment.get(LONG, offset + at);
            sum += (word & LOW) + (word >>> Integer.SIZE);
        }
        if ((length & Integer.BYTES) != 0) {
            sum += segment.get(INT, offset + at) & LOW;
            at += Integer.BYTES;
        }
        if ((length & Short.BYTES) != 0) {
            sum += read(segment, offset + at);
            at += Short.BYTES;
        }
        if ((length & 1) != 0) {
            sum += segment.get(ValueLayout.JAVA_BYTE, offset + at) & 0xff;
        }
        return sum;
    }

    /// A 16-bit number of network byte order, as a part of a sum.
    public static long term(int value) {
        return Short.reverseBytes((short) value) & 0xffff;
    }

    /// A sum in 16 bits.
    public static int fold(long sum) {
        long folded = (sum & LOW) + (sum >>> Integer.SIZE);
        folded = (folded & 0xffff) + (folded >>> Short.SIZE);
        folded = (folded & 0xffff) + (folded >>> Short.SIZE);
        return (int) ((folded & 0xffff) + (folded >>> Short.SIZE));
    }

    /// The checksum field at `offset`, as a part of a sum.
    public static long read(MemorySegment segment, long offset) {
        return segment.get(SHORT, offset) & 0xffff;
    }

    /// Writes the folded `sum` as it is: what a field holds whose checksum somebody else finishes.
    public static void writePartial(MemorySegment segment, long offset, long sum) {
        segment.set(SHORT, offset, (short) fold(sum));
    }

    /// Writes the checksum of what has this sum.
    public static void write(MemorySegment segment, long offset, long sum) {
        segment.set(SHORT, offset, (short) ~fold(sum));
    }

    /// As [#write], but never 0, which says that UDP has no checksum (RFC 768).
    public static void writeTransport(MemorySegment segment, long offset, long sum) {
        int checksum = ~fold(sum) & 0xffff;
        segment.set(SHORT, offset, (short) (checksum == 0 ? RIGHT : checksum));
    }
}
