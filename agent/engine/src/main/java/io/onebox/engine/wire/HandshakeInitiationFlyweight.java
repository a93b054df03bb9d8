package io.onebox.engine.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// A movable window over a handshake initiation. Numbers are little endian.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+-----------------------------------------------+
/// |   Type = 1    |                 Reserved = 0                  |
/// +---------------+-----------------------------------------------+
/// |                         Sender index                          |
/// +---------------------------------------------------------------+
/// |                  Ephemeral public key (32 bytes)             ...
/// +---------------------------------------------------------------+
/// |            Static public key, sealed (32 + 16 bytes)         ...
/// +---------------------------------------------------------------+
/// |                Timestamp, sealed (12 + 16 bytes)             ...
/// +---------------------------------------------------------------+
/// |                        MAC1 (16 bytes)                       ...
/// +---------------------------------------------------------------+
/// |                        MAC2 (16 bytes)                       ...
/// +---------------------------------------------------------------+
/// ```
///
/// Wrap, use, forget: a flyweight is never stored beyond the call that wrapped it.
///
/// Source: WireGuard whitepaper, section 5.4.2.
public final class HandshakeInitiationFlyweight {

    /// Bytes of the ephemeral key.
    public static final int EPHEMERAL_LENGTH = 32;

    /// Bytes of the sealed static key.
    public static final int STATIC_LENGTH = 32 + 16;

    /// Bytes of the sealed timestamp.
    public static final int TIMESTAMP_LENGTH = 12 + 16;

    private static final long TYPE_OFFSET = 0;
    private static final long SENDER_INDEX_OFFSET = TYPE_OFFSET + Integer.BYTES;
    private static final long EPHEMERAL_OFFSET = SENDER_INDEX_OFFSET + Integer.BYTES;
    private static final long STATIC_OFFSET = EPHEMERAL_OFFSET + EPHEMERAL_LENGTH;
    private static final long TIMESTAMP_OFFSET = STATIC_OFFSET + STATIC_LENGTH;
    private static final long MACS_OFFSET = TIMESTAMP_OFFSET + TIMESTAMP_LENGTH;

    /// Bytes of the whole message.
    public static final int LENGTH = (int) MACS_OFFSET + MacsFlyweight.LENGTH;

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /// Moves the window to `offset`. The segment must hold [#LENGTH] bytes from there.
    public HandshakeInitiationFlyweight wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /// Type and reserved bytes, [MessageType#INITIATION] in a well-formed message.
    public int type() {
        return segment.get(LittleEndian.INT, offset + TYPE_OFFSET);
    }

    public int senderIndex() {
        return segment.get(LittleEndian.INT, offset + SENDER_INDEX_OFFSET);
    }

    /// Copies the ephemeral key into `target`.
    public void readEphemeral(byte[] target) {
        MemorySegment.copy(segment, JAVA_BYTE, offset + EPHEMERAL_OFFSET, target, 0, EPHEMERAL_LENGTH);
    }

    /// Copies the sealed static key into `target`.
    public void readStatic(byte[] target) {
        MemorySegment.copy(segment, JAVA_BYTE, offset + STATIC_OFFSET, target, 0, STATIC_LENGTH);
    }

    /// Copies the sealed timestamp into `target`.
    public void readTimestamp(byte[] target) {
        MemorySegment.copy(segment, JAVA_BYTE, offset + TIMESTAMP_OFFSET, target, 0, TIMESTAMP_LENGTH);
    }

    /// Writes type, reserved bytes and sender, and clears both MACs.
    public HandshakeInitiationFlyweight start(int senderIndex) {
        segment.set(LittleEndian.INT, offset + TYPE_OFFSET, MessageType.INITIATION);
        segment.set(LittleEndian.INT, offset + SENDER_INDEX_OFFSET, senderIndex);
        segment.asSlice(offset + MACS_OFFSET, MacsFlyweight.LENGTH).fill((byte) 0);
        return this;
    }

    public HandshakeInitiationFlyweight ephemeral(byte[] source) {
        MemorySegment.copy(source, 0, segment, JAVA_BYTE, offset + EPHEMERAL_OFFSET, EPHEMERAL_LENGTH);
        return this;
    }

    public HandshakeInitiationFlyweight sealedStatic(byte[] source) {
        MemorySegment.copy(source, 0, segment, JAVA_BYTE, offset + STATIC_OFFSET, STATIC_LENGTH);
        return this;
    }

    public HandshakeInitiationFlyweight sealedTimestamp(byte[] source) {
        MemorySegment.copy(source, 0, segment, JAVA_BYTE, offset + TIMESTAMP_OFFSET, TIMESTAMP_LENGTH);
        return this;
    }
}
