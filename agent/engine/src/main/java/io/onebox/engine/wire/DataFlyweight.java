package io.onebox.engine.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A window over the header in front of an inner packet. Little endian.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// |   Type = 1    |     Flags     |   Send time, 100 us units     |
/// +---------------+---------------+-------------------------------+
/// |                     Data sequence number                      |
/// +===============================================================+
/// |              Inner IP packet, to the end of the message      ...
/// ```
public final class DataFlyweight {

    /// First byte of a DATA header.
    public static final byte TYPE = 1;

    /// Bytes of the header.
    public static final int LENGTH = 8;

    /// Flag: this inner packet was sent before, on this or another path.
    public static final int RETRANSMISSION = 1;

    /// Flag: a copy of this inner packet goes over another path.
    public static final int DUPLICATE = 2;

    /// Flag: of a sparse flow. Counted in the sparse number space, and not held unless [#STEADY].
    public static final int SPARSE = 4;

    /// Flag: the checksum of the inner TCP segment or UDP datagram is partial, and the receiver finishes it. Only to
    /// peers whose HELLO says [ControlFrame.Hello#FINISHES_CHECKSUMS].
    public static final int PARTIAL_CHECKSUM = 8;

    /// Flag, beside [#SPARSE]: of a stream that is to come evenly. Held for a moment, so that all come alike.
    public static final int STEADY = 16;

    private static final long FLAGS_OFFSET = 1;
    private static final long SEND_TIME_OFFSET = 2;
    private static final long DATA_SEQUENCE_OFFSET = 4;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /// Moves the window to `offset`, where [#LENGTH] bytes must be.
    public DataFlyweight wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /// Writes the whole header.
    public void write(int flags, int sendTime, int dataSequence) {
        segment.set(JAVA_BYTE, offset, TYPE);
        segment.set(JAVA_BYTE, offset + FLAGS_OFFSET, (byte) flags);
        segment.set(SHORT, offset + SEND_TIME_OFFSET, (short) sendTime);
        segment.set(INT, offset + DATA_SEQUENCE_OFFSET, dataSequence);
    }

    /// Flags of this packet.
    public int flags() {
        return segment.get(JAVA_BYTE, offset + FLAGS_OFFSET);
    }

    /// Sender's clock in units of 100 us, modulo 2^16.
    public int sendTime() {
        return segment.get(SHORT, offset + SEND_TIME_OFFSET) & 0xffff;
    }

    /// Low 32 bits of the data sequence number.
    public int dataSequence() {
        return segment.get(INT, offset + DATA_SEQUENCE_OFFSET);
    }
}
