package io.onebox.engine.packet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The checksum of the Internet protocols (RFC 1071).
final class Checksum {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private Checksum() {}

    /// Checksum of `length` bytes and of a sum made elsewhere.
    static int of(MemorySegment segment, long offset, int length, int sum) {
        long total = sum(segment, offset, length) + Integer.toUnsignedLong(sum);
        while (total >>> 16 != 0) {
            total = (total & 0xffff) + (total >>> 16);
        }
        return (int) ~total & 0xffff;
    }

    /// Sum of `length` bytes, taken as 16-bit numbers.
    static int sum(MemorySegment segment, long offset, int length) {
        int sum = 0;
        for (int i = 0; i + 1 < length; i += 2) {
            sum += segment.get(SHORT, offset + i) & 0xffff;
        }
        return (length & 1) == 0 ? sum : sum + ((segment.get(JAVA_BYTE, offset + length - 1) & 0xff) << 8);
    }
}
