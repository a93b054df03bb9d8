package io.onebox.engine.wire;

import java.lang.foreign.MemorySegment;

/// A movable window over the header of a transport message. Numbers are little endian.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+-----------------------------------------------+
/// |   Type = 4    |                 Reserved = 0                  |
/// +---------------+-----------------------------------------------+
/// |                        Receiver index                         |
/// +---------------------------------------------------------------+
/// |                         Counter (64)                          |
/// |                                                               |
/// +===============================================================+ sealed from here
/// |                  Frames and one inner packet                 ...
/// ```
///
/// Wrap, use, forget: a flyweight is never stored beyond the call that wrapped it.
///
/// Source: WireGuard whitepaper, section 5.4.6.
public final class TransportFlyweight {

    private static final long TYPE_OFFSET = 0;
    private static final long RECEIVER_INDEX_OFFSET = TYPE_OFFSET + Integer.BYTES;
    private static final long COUNTER_OFFSET = RECEIVER_INDEX_OFFSET + Integer.BYTES;

    /// Bytes before the sealed part.
    public static final int HEADER_LENGTH = (int) COUNTER_OFFSET + Long.BYTES;

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /// Moves the window to `offset`. The segment must hold [#HEADER_LENGTH] bytes from there.
    public TransportFlyweight wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /// Type and reserved bytes, [MessageType#TRANSPORT] in a well-formed message.
    public int type() {
        return segment.get(LittleEndian.INT, offset + TYPE_OFFSET);
    }

    public int receiverIndex() {
        return segment.get(LittleEndian.INT, offset + RECEIVER_INDEX_OFFSET);
    }

    public long counter() {
        return segment.get(LittleEndian.LONG, offset + COUNTER_OFFSET);
    }

    /// Writes the whole header.
    public TransportFlyweight start(int receiverIndex, long counter) {
        segment.set(LittleEndian.INT, offset + TYPE_OFFSET, MessageType.TRANSPORT);
        segment.set(LittleEndian.INT, offset + RECEIVER_INDEX_OFFSET, receiverIndex);
        segment.set(LittleEndian.LONG, offset + COUNTER_OFFSET, counter);
        return this;
    }
}
