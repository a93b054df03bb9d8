package io.onebox.engine.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A window over an ACK frame: what arrived on one path, told by its receiver. Little endian.
///
/// ```
///  +-----------+-------------+-----------+---------------------------+
///  | Type = 2  | Length (16) |  Path id  |  Receiver index (32)      |
///  +-----------+-------------+-----------+---------------------------+
///  |  Largest counter received under that index (64)                 |
///  +---------------------------------+-------------------------------+
///  |  Delay since its arrival, us    |  Arrival time of it, us       |
///  +---------------------------------+-------------------------------+
///  |  Least one-way delay, us        |  Messages received on path    |
///  +---------------------------------+-------------------------------+
///  |  Bytes received on path         |  Bitmap, 32 bytes            ...
///  +---------------------------------+-------------------------------+
/// ```
///
/// Bit `i` of the bitmap says whether counter `largest - 1 - i` arrived. Times are the receiver's clock
/// modulo 2^32 us; totals are modulo 2^32. The index tells under which keypair the counters were used.
public final class AckFlyweight {

    /// First byte of an ACK.
    public static final byte TYPE = 2;

    /// Counters below the largest that the bitmap tells of.
    public static final int BITMAP_BITS = 256;

    private static final int PATH_ID_OFFSET = 3;
    private static final int INDEX_OFFSET = PATH_ID_OFFSET + Byte.BYTES;
    private static final int LARGEST_OFFSET = INDEX_OFFSET + Integer.BYTES;
    private static final int DELAY_OFFSET = LARGEST_OFFSET + Long.BYTES;
    private static final int ARRIVAL_OFFSET = DELAY_OFFSET + Integer.BYTES;
    private static final int ONE_WAY_OFFSET = ARRIVAL_OFFSET + Integer.BYTES;
    private static final int MESSAGES_OFFSET = ONE_WAY_OFFSET + Integer.BYTES;
    private static final int BYTES_OFFSET = MESSAGES_OFFSET + Integer.BYTES;
    private static final int BITMAP_OFFSET = BYTES_OFFSET + Integer.BYTES;

    /// Bytes of the whole frame.
    public static final int LENGTH = BITMAP_OFFSET + BITMAP_BITS / Byte.SIZE;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /// Moves the window to `offset`, where [#LENGTH] bytes must be.
    public AckFlyweight wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /// Writes type, length, path id, index and largest counter.
    public AckFlyweight start(int pathId, int receiverIndex, long largest) {
        segment.set(JAVA_BYTE, offset, TYPE);
        segment.set(SHORT, offset + 1, (short) (LENGTH - ControlFrameCodec.HEADER_LENGTH));
        segment.set(JAVA_BYTE, offset + PATH_ID_OFFSET, (byte) pathId);
        segment.set(INT, offset + INDEX_OFFSET, receiverIndex);
        segment.set(LONG, offset + LARGEST_OFFSET, largest);
        return this;
    }

    /// Writes the times, all in microseconds.
    public AckFlyweight times(int delayUs, int arrivalUs, int leastOneWayUs) {
        segment.set(INT, offset + DELAY_OFFSET, delayUs);
        segment.set(INT, offset + ARRIVAL_OFFSET, arrivalUs);
        segment.set(INT, offset + ONE_WAY_OFFSET, leastOneWayUs);
        return this;
    }

    /// Writes the totals of the path.
    public AckFlyweight totals(int messages, int bytes) {
        segment.set(INT, offset + MESSAGES_OFFSET, messages);
        segment.set(INT, offset + BYTES_OFFSET, bytes);
        return this;
    }

    /// Writes word `word` (0..3) of the bitmap.
    public void bitmap(int word, long bits) {
        segment.set(LONG, offset + BITMAP_OFFSET + (long) word * Long.BYTES, bits);
    }

    /// The path the frame tells of, `0..255`.
    public int pathId() {
        return segment.get(JAVA_BYTE, offset + PATH_ID_OFFSET) & 0xff;
    }

    /// The receiver index the counters were used under.
    public int receiverIndex() {
        return segment.get(INT, offset + INDEX_OFFSET);
    }

    /// The largest counter received.
    public long largest() {
        return segment.get(LONG, offset + LARGEST_OFFSET);
    }

    /// Whether `counter`, not above the largest, is said to have arrived.
    public boolean arrived(long counter) {
        long below = largest() - counter;
        if (below == 0) {
            return true;
        }
        if (below > BITMAP_BITS) {
            return false;
        }
        int bit = (int) below - 1;
        int octet = segment.get(JAVA_BYTE, offset + BITMAP_OFFSET + bit / Byte.SIZE);
        return (octet >>> bit % Byte.SIZE & 1) != 0;
    }

    /// Time between the arrival of the largest counter and the sending of this frame.
    public int delayUs() {
        return segment.get(INT, offset + DELAY_OFFSET);
    }

    /// When the largest counter arrived, by the receiver's clock.
    public int arrivalUs() {
        return segment.get(INT, offset + ARRIVAL_OFFSET);
    }

    /// The least one-way delay since the last frame, plus the distance of the clocks.
    public int leastOneWayUs() {
        return segment.get(INT, offset + ONE_WAY_OFFSET);
    }

    /// Messages received on the path.
    public int messages() {
        return segment.get(INT, offset + MESSAGES_OFFSET);
    }

    /// Bytes received on the path.
    public int bytes() {
        return segment.get(INT, offset + BYTES_OFFSET);
    }
}
