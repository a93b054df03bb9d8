package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/// A window over `struct virtio_net_hdr`, which precedes each packet of a TUN device with `IFF_VNET_HDR` and says what
/// is left to do with it: to finish a checksum, to cut it into segments.
///
/// ```
///   0       1          2          4           6            8                 10
///   +-------+----------+----------+-----------+------------+-----------------+
///   | flags | gso_type | hdr_len  | gso_size  | csum_start | csum_offset     |
///   +-------+----------+----------+-----------+------------+-----------------+
/// ```
///
/// Source: VIRTIO 1.2, section 5.1.6; `include/uapi/linux/virtio_net.h`. Numbers are the machine's.
final class VirtioHeader {

    /// Bytes of the header.
    static final int LENGTH = 10;

    /// Flag: the checksum at `csum_start + csum_offset` is partial.
    static final int NEEDS_CHECKSUM = 1;

    /// Type: one packet as it is.
    static final int NOT_SEGMENTED = 0;

    /// Type: TCP over IPv4.
    static final int TCP_IPV4 = 1;

    /// Type: TCP over IPv6.
    static final int TCP_IPV6 = 4;

    /// Type: UDP, each segment a datagram of its own.
    static final int UDP = 5;

    /// Bit of the type: the first segment alone carries CWR.
    static final int ECN = 0x80;

    private static final long TYPE_OFFSET = 1;
    private static final long HEADER_LENGTH_OFFSET = 2;
    private static final long SEGMENT_SIZE_OFFSET = 4;
    private static final long CHECKSUM_START_OFFSET = 6;
    private static final long CHECKSUM_OFFSET_OFFSET = 8;

    private final MemorySegment segment;

    /// A window over the start of `segment`.
    VirtioHeader(MemorySegment segment) {
        this.segment = segment;
    }

    boolean needsChecksum() {
        return (segment.get(JAVA_BYTE, 0) & NEEDS_CHECKSUM) != 0;
    }

    int type() {
        return segment.get(JAVA_BYTE, TYPE_OFFSET) & ~ECN & 0xff;
    }

    /// Bytes of payload of each segment but the last, which may be shorter.
    int segmentSize() {
        return unsigned(SEGMENT_SIZE_OFFSET);
    }

    /// Where the checksummed part starts, from the start of the packet.
    int checksumStart() {
        return unsigned(CHECKSUM_START_OFFSET);
    }

    /// Where the checksum is, from the start of the checksummed part.
    int checksumOffset() {
        return unsigned(CHECKSUM_OFFSET_OFFSET);
    }

    /// Nothing is left to do.
    void write() {
        segment.set(JAVA_LONG_UNALIGNED, 0, 0);
        segment.set(JAVA_SHORT_UNALIGNED, CHECKSUM_OFFSET_OFFSET, (short) 0);
    }

    /// A checksum is left to be finished.
    void writeChecksum(int start, int offset) {
        write();
        segment.set(JAVA_BYTE, 0, (byte) NEEDS_CHECKSUM);
        segment.set(JAVA_SHORT_UNALIGNED, CHECKSUM_START_OFFSET, (short) start);
        segment.set(JAVA_SHORT_UNALIGNED, CHECKSUM_OFFSET_OFFSET, (short) offset);
    }

    /// Cutting into segments is left, too.
    void writeSegments(int type, int headerLength, int segmentSize) {
        segment.set(JAVA_BYTE, TYPE_OFFSET, (byte) type);
        segment.set(JAVA_SHORT_UNALIGNED, HEADER_LENGTH_OFFSET, (short) headerLength);
        segment.set(JAVA_SHORT_UNALIGNED, SEGMENT_SIZE_OFFSET, (short) segmentSize);
    }

    private int unsigned(long offset) {
        return segment.get(JAVA_SHORT_UNALIGNED, offset) & 0xffff;
    }
}
