package io.onebox.simulator.traffic;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.onebox.engine.packet.Packet;
import java.lang.foreign.MemorySegment;

/// The TCP header of a packet (RFC 9293, section 3.1) with timestamps (RFC 7323) and selective
/// acknowledgements (RFC 2018), as plain fields. Made once per endpoint and used for each packet.
///
/// Sequence numbers start at 0 and do not wrap: a simulated flow is shorter than 4 GB.
final class TcpSegment {

    static final int SYN = 0x02;
    static final int ACK = 0x10;
    static final int ECE = 0x40;
    static final int CWR = 0x80;

    /// Blocks beside timestamps (RFC 2018, section 3).
    static final int MOST_BLOCKS = 3;

    /// Header with timestamps: 20 bytes and 12 of options.
    static final int LENGTH = 32;

    /// Shift of the window (RFC 7323, section 2), fixed.
    static final int WINDOW_SHIFT = 10;

    private static final int BLOCK_LENGTH = 8;
    private static final int SACK_HEADER_LENGTH = 4;
    private static final int TIMESTAMP_OPTION = 0x0101_080a;
    private static final int SACK_OPTION = 0x0101_0500;

    int sourcePort;
    int targetPort;
    long sequence;
    long acknowledged;
    int flags;
    long windowBytes;
    long timestampMs;
    long echoedMs;
    int blocks;
    final long[] blockStart = new long[MOST_BLOCKS];
    final long[] blockEnd = new long[MOST_BLOCKS];

    /// Bytes behind the header, set by [#read].
    int payloadLength;

    /// Bytes the header takes with its blocks.
    int length() {
        return LENGTH + (blocks == 0 ? 0 : SACK_HEADER_LENGTH + blocks * BLOCK_LENGTH);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /// Writes the header at `start` bytes into the content.
    void write(Packet packet, int start) {
        MemorySegment segment = packet.segment();
        long at = (long) packet.offset() + start;
        segment.set(IpHeader.INT, at, sourcePort << 16 | targetPort);
        segment.set(IpHeader.INT, at + 4, (int) sequence);
        segment.set(IpHeader.INT, at + 8, (int) acknowledged);
        int window = (int) Math.min(0xffff, windowBytes >> WINDOW_SHIFT);
        segment.set(IpHeader.INT, at + 12, (length() / 4) << 28 | flags << 16 | window);
        segment.set(IpHeader.INT, at + 16, 0);
        segment.set(IpHeader.INT, at + 20, TIMESTAMP_OPTION);
        segment.set(IpHeader.INT, at + 24, (int) timestampMs);
        segment.set(IpHeader.INT, at + 28, (int) echoedMs);
        if (blocks > 0) {
            segment.set(IpHeader.INT, at + 32, SACK_OPTION | (2 + blocks * BLOCK_LENGTH));
            for (int i = 0; i < blocks; i++) {
                segment.set(IpHeader.INT, at + 36 + i * 8L, (int) blockStart[i]);
                segment.set(IpHeader.INT, at + 40 + i * 8L, (int) blockEnd[i]);
            }
        }
    }

    /// Reads the header at `start` bytes into the content.
    void read(Packet packet, int start) {
        MemorySegment segment = packet.segment();
        long at = (long) packet.offset() + start;
        int ports = segment.get(IpHeader.INT, at);
        sourcePort = ports >>> 16;
        targetPort = ports & 0xffff;
        sequence = unsigned(segment, at + 4);
        acknowledged = unsigned(segment, at + 8);
        int word = segment.get(IpHeader.INT, at + 12);
        flags = word >> 16 & 0xff;
        windowBytes = (long) (word & 0xffff) << WINDOW_SHIFT;
        timestampMs = unsigned(segment, at + 24);
        echoedMs = unsigned(segment, at + 28);
        int headerLength = (word >>> 28) * 4;
        payloadLength = packet.length() - start - headerLength;
        blocks = headerLength > LENGTH ? (segment.get(JAVA_BYTE, at + 35) - 2) / BLOCK_LENGTH : 0;
        for (int i = 0; i < blocks; i++) {
            blockStart[i] = unsigned(segment, at + 36 + i * 8L);
            blockEnd[i] = unsigned(segment, at + 40 + i * 8L);
        }
    }

    private static long unsigned(MemorySegment segment, long at) {
        return Integer.toUnsignedLong(segment.get(IpHeader.INT, at));
    }
}
