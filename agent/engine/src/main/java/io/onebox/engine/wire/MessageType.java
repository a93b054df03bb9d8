package io.onebox.engine.wire;

import java.lang.foreign.MemorySegment;

/// The first four bytes of every datagram, read as one little-endian number: the type and three
/// reserved bytes that must be zero.
///
/// Source: WireGuard whitepaper, section 5.4.
public final class MessageType {

    /// The initiator's half of the handshake.
    public static final int INITIATION = 1;

    /// The responder's half of the handshake.
    public static final int RESPONSE = 2;

    /// The answer of a responder under load.
    public static final int COOKIE_REPLY = 3;

    /// A sealed packet.
    public static final int TRANSPORT = 4;

    /// What [#of] returns for a datagram too short to have a type.
    public static final int NONE = 0;

    private MessageType() {}

    /// The type of the datagram of `length` bytes at `offset`, which may be anything.
    public static int of(MemorySegment segment, long offset, int length) {
        return length < Integer.BYTES ? NONE : segment.get(LittleEndian.INT, offset);
    }
}
