package io.onebox.engine.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// A movable window over a cookie reply. Numbers are little endian.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+-----------------------------------------------+
/// |   Type = 3    |                 Reserved = 0                  |
/// +---------------+-----------------------------------------------+
/// |                        Receiver index                         |
/// +---------------------------------------------------------------+
/// |                        Nonce (24 bytes)                      ...
/// +---------------------------------------------------------------+
/// |                 Cookie, sealed (16 + 16 bytes)               ...
/// +---------------------------------------------------------------+
/// ```
///
/// Wrap, use, forget: a flyweight is never stored beyond the call that wrapped it.
///
/// Source: WireGuard whitepaper, section 5.4.7.
public final class CookieReplyFlyweight {

    /// Bytes of the nonce.
    public static final int NONCE_LENGTH = 24;

    /// Bytes of the sealed cookie.
    public static final int COOKIE_LENGTH = 16 + 16;

    private static final long TYPE_OFFSET = 0;
    private static final long RECEIVER_INDEX_OFFSET = TYPE_OFFSET + Integer.BYTES;
    private static final long NONCE_OFFSET = RECEIVER_INDEX_OFFSET + Integer.BYTES;
    private static final long COOKIE_OFFSET = NONCE_OFFSET + NONCE_LENGTH;

    /// Bytes of the whole message.
    public static final int LENGTH = (int) COOKIE_OFFSET + COOKIE_LENGTH;

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /// Moves the window to `offset`. The segment must hold [#LENGTH] bytes from there.
    public CookieReplyFlyweight wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /// Type and reserved bytes, [MessageType#COOKIE_REPLY] in a well-formed message.
    public int type() {
        return segment.get(LittleEndian.INT, offset + TYPE_OFFSET);
    }

    public int receiverIndex() {
        return segment.get(LittleEndian.INT, offset + RECEIVER_INDEX_OFFSET);
    }

    /// Copies the nonce into `target`.
    public void readNonce(byte[] target) {
        MemorySegment.copy(segment, JAVA_BYTE, offset + NONCE_OFFSET, target, 0, NONCE_LENGTH);
    }

    /// Copies the sealed cookie into `target`.
    public void readCookie(byte[] target) {
        MemorySegment.copy(segment, JAVA_BYTE, offset + COOKIE_OFFSET, target, 0, COOKIE_LENGTH);
    }

    /// Writes type, reserved bytes and receiver.
    public CookieReplyFlyweight start(int receiverIndex) {
        segment.set(LittleEndian.INT, offset + TYPE_OFFSET, MessageType.COOKIE_REPLY);
        segment.set(LittleEndian.INT, offset + RECEIVER_INDEX_OFFSET, receiverIndex);
        return this;
    }

    public CookieReplyFlyweight nonce(byte[] source) {
        MemorySegment.copy(source, 0, segment, JAVA_BYTE, offset + NONCE_OFFSET, NONCE_LENGTH);
        return this;
    }

    public CookieReplyFlyweight sealedCookie(byte[] source) {
        MemorySegment.copy(source, 0, segment, JAVA_BYTE, offset + COOKIE_OFFSET, COOKIE_LENGTH);
        return this;
    }
}
