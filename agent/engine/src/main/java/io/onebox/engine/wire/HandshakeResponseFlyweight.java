package io.onebox.engine.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// A movable window over a handshake response. Numbers are little endian.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+-----------------------------------------------+
/// |   Type = 2    |                 Reserved = 0                  |
/// +---------------+-----------------------------------------------+
/// |                         Sender index                          |
/// +---------------------------------------------------------------+
/// |                        Receiver index                         |
/// +---------------------------------------------------------------+
/// |                  Ephemeral public key (32 bytes)             ...
/// +---------------------------------------------------------------+
/// |                   Nothing, sealed (16 bytes)                 ...
/// +---------------------------------------------------------------+
/// |                        MAC1 (16 bytes)                       ...
/// +---------------------------------------------------------------+
/// |                        MAC2 (16 bytes)                       ...
/// +---------------------------------------------------------------+
/// ```
///
/// Wrap, use, forget: a flyweight is never stored beyond the call that wrapped it.
///
/// Source: WireGuard whitepaper, section 5.4.3.
public final class HandshakeResponseFlyweight {

    /// Bytes of the ephemeral key.
    public static final int EPHEMERAL_LENGTH = 32;

    /// Bytes of the sealed nothing.
    public static final int NOTHING_LENGTH = 16;

    private static final long TYPE_OFFSET = 0;
    private static final long SENDER_INDEX_OFFSET = TYPE_OFFSET + Integer.BYTES;
    private static final long RECEIVER_INDEX_OFFSET = SENDER_INDEX_OFFSET + Integer.BYTES;
    private static final long EPHEMERAL_OFFSET = RECEIVER_INDEX_OFFSET + Integer.BYTES;
    private static final long NOTHING_OFFSET = EPHEMERAL_OFFSET + EPHEMERAL_LENGTH;
    private static final long MACS_OFFSET = NOTHING_OFFSET + NOTHING_LENGTH;

    /// Bytes of the whole message.
    public static final int LENGTH = (int) MACS_OFFSET + MacsFlyweight.LENGTH;

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /// Moves the window to `offset`. The segment must hold [#LENGTH] bytes from there.
    public HandshakeResponseFlyweight wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /// Type and reserved bytes, [MessageType#RESPONSE] in a well-formed message.
    public int type() {
        return segment.get(LittleEndian.INT, offset + TYPE_OFFSET);
    }

    public int senderIndex() {
        return segment.get(LittleEndian.INT, offset + SENDER_INDEX_OFFSET);
    }

    public int receiverIndex() {
        return segment.get(LittleEndian.INT, offset + RECEIVER_INDEX_OFFSET);
    }

    /// Copies the ephemeral key into `target`.
    public void readEphemeral(byte[] target) {
        MemorySegment.copy(segment, JAVA_BYTE, offset + EPHEMERAL_OFFSET, target, 0, EPHEMERAL_LENGTH);
    }

    /// Copies the sealed nothing into `target`.
    public void readNothing(byte[] target) {
        MemorySegment.copy(segment, JAVA_BYTE, offset + NOTHING_OFFSET, target, 0, NOTHING_LENGTH);
    }

    /// Writes type, reserved bytes and both indices, and clears both MACs.
    public HandshakeResponseFlyweight start(int senderIndex, int receiverIndex) {
        segment.set(LittleEndian.INT, offset + TYPE_OFFSET, MessageType.RESPONSE);
        segment.set(LittleEndian.INT, offset + SENDER_INDEX_OFFSET, senderIndex);
        segment.set(LittleEndian.INT, offset + RECEIVER_INDEX_OFFSET, receiverIndex);
        segment.asSlice(offset + MACS_OFFSET, MacsFlyweight.LENGTH).fill((byte) 0);
        return this;
    }

    public HandshakeResponseFlyweight ephemeral(byte[] source) {
        MemorySegment.copy(source, 0, segment, JAVA_BYTE, offset + EPHEMERAL_OFFSET, EPHEMERAL_LENGTH);
        return this;
    }

    public HandshakeResponseFlyweight sealedNothing(byte[] source) {
        MemorySegment.copy(source, 0, segment, JAVA_BYTE, offset + NOTHING_OFFSET, NOTHING_LENGTH);
        return this;
    }
}
