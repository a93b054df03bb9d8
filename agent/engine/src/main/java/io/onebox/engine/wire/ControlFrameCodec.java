package io.onebox.engine.wire;

import io.onebox.engine.wire.ControlFrame.Capacity;
import io.onebox.engine.wire.ControlFrame.Close;
import io.onebox.engine.wire.ControlFrame.CloseReason;
import io.onebox.engine.wire.ControlFrame.Hello;
import io.onebox.engine.wire.ControlFrame.PathUse;
import io.onebox.engine.wire.ControlFrame.Probe;
import io.onebox.engine.wire.ControlFrame.ProbeReply;
import io.onebox.engine.wire.Decoded.Malformed;
import io.onebox.engine.wire.Decoded.Unknown;
import io.onebox.engine.wire.Decoded.Valid;
import java.nio.ByteBuffer;

/// Control frames as bytes, little endian:
///
/// ```
///  +----------+--------------+------------------+
///  |   Type   | Length (16)  |  Body of Length ...
///  +----------+--------------+------------------+
/// ```
///
/// A body may be longer than this version knows: what follows is ignored, so that fields can be added.
public final class ControlFrameCodec {

    /// Bytes in front of each body.
    public static final int HEADER_LENGTH = 3;

    /// First byte that is no control frame.
    public static final int FIRST_RESERVED_TYPE = 0x10;

    static final byte HELLO = 3;
    static final byte PROBE = 4;
    static final byte PROBE_REPLY = 5;
    static final byte PATH_STATE = 6;
    static final byte CLOSE = 8;
    static final byte CAPACITY = 9;

    private static final int HELLO_LENGTH = 18;
    private static final int PROBE_LENGTH = 11;
    private static final int PROBE_REPLY_LENGTH = 16;
    private static final int PATH_STATE_LENGTH = 14;
    private static final int CLOSE_LENGTH = 2;
    private static final int CAPACITY_LENGTH = 8;

    /// A terabit; more is a lie, and would not fit what is made of it.
    private static final long MOST_BYTES_PER_SECOND = 125_000_000_000L;

    private static final int ANSWER = 1;
    private static final int METERED = 2;
    private static final int PAUSED = 4;
    private static final int MODE_SHIFT = 3;
    private static final int MODE_MASK = 3;
    private static final int WANTS_REPLY = 1;
    private static final int BONDED = 2;

    private ControlFrameCodec() {}

    /// Bytes of `frame` on the wire.
    public static int length(ControlFrame frame) {
        return HEADER_LENGTH
                + switch (frame) {
                    case Hello _ -> HELLO_LENGTH;
                    case Probe probe -> PROBE_LENGTH + probe.padding();
                    case ProbeReply _ -> PROBE_REPLY_LENGTH;
                    case PathUse _ -> PATH_STATE_LENGTH;
                    case Close _ -> CLOSE_LENGTH;
                    case Capacity _ -> CAPACITY_LENGTH;
                };
    }

    /// Appends `frame` at the position of `out`, which must be little endian and have room.
    public static void encode(ControlFrame frame, ByteBuffer out) {
        int bodyLength = length(frame) - HEADER_LENGTH;
        switch (frame) {
            case Hello(int version, long epoch, int features, int receiveBufferBytes, boolean isAnswer) ->
                out.put(HELLO)
                        .putShort((short) bodyLength)
                        .put((byte) version)
                        .putLong(epoch)
                        .putInt(features)
                        .putInt(receiveBufferBytes)
                        .put((byte) (isAnswer ? ANSWER : 0));
            case Probe(
                    int probeId,
                    int sendTime,
                    int nextSequence,
                    boolean wantsReply,
                    boolean isBonded,
                    int padding) -> {
                out.put(PROBE)
                        .putShort((short) bodyLength)
                        .putInt(probeId)
                        .putShort((short) sendTime)
                        .putInt(nextSequence)
                        .put((byte) ((wantsReply ? WANTS_REPLY : 0) | (isBonded ? BONDED : 0)));
                for (int i = 0; i < padding; i++) {
                    out.put((byte) 0);
                }
            }
            case ProbeReply(int probeId, int sendTime, int heldUs, int oneWayUs, int receivedBytes) ->
                out.put(PROBE_REPLY)
                        .putShort((short) bodyLength)
                        .putInt(probeId)
                        .putShort((short) sendTime)
                        .putInt(heldUs)
                        .putInt(oneWayUs)
                        .putShort((short) receivedBytes);
            case PathUse use ->
                out.put(PATH_STATE)
                        .putShort((short) bodyLength)
                        .putInt(use.revision())
                        .put(flags(use))
                        .put((byte) use.role())
                        .putLong(use.rateLimit());
            case Close(boolean wholeSession, CloseReason reason) ->
                out.put(CLOSE)
                        .putShort((short) bodyLength)
                        .put((byte) (wholeSession ? 1 : 0))
                        .put((byte) reason.ordinal());
            case Capacity(long bytesPerSecond) ->
                out.put(CAPACITY).putShort((short) bodyLength).putLong(bytesPerSecond);
        }
    }

    /// Reads the body of one frame, which must be all that remains of `body`, little endian.
    public static Decoded decode(byte type, ByteBuffer body) {
        int expected = switch (type) {
            case HELLO -> HELLO_LENGTH;
            case PROBE -> PROBE_LENGTH;
            case PROBE_REPLY -> PROBE_REPLY_LENGTH;
            case PATH_STATE -> PATH_STATE_LENGTH;
            case CLOSE -> CLOSE_LENGTH;
            case CAPACITY -> CAPACITY_LENGTH;
            default -> -1;
        };
        if (expected < 0) {
            return new Unknown(type);
        }
        if (body.remaining() < expected) {
            return new Malformed("type %d: expected %d bytes, got %d".formatted(type, expected, body.remaining()));
        }
        return switch (type) {
            case HELLO ->
                new Valid(new Hello(
                        body.get() & 0xff, body.getLong(), body.getInt(), body.getInt(), (body.get() & ANSWER) != 0));
            case PROBE -> new Valid(probe(body));
            case PROBE_REPLY ->
                new Valid(new ProbeReply(
                        body.getInt(), unsignedShort(body), body.getInt(), body.getInt(), unsignedShort(body)));
            case PATH_STATE -> pathState(body);
            case CAPACITY -> capacity(body);
            default -> close(body);
        };
    }

    private static Probe probe(ByteBuffer body) {
        int probeId = body.getInt();
        int sendTime = unsignedShort(body);
        int nextSequence = body.getInt();
        int flags = body.get();
        return new Probe(
                probeId, sendTime, nextSequence, (flags & WANTS_REPLY) != 0, (flags & BONDED) != 0, body.remaining());
    }

    private static byte flags(PathUse use) {
        return (byte) ((use.isAnswer() ? ANSWER : 0)
                | (use.metered() ? METERED : 0)
                | (use.paused() ? PAUSED : 0)
                | use.mode() << MODE_SHIFT);
    }

    private static Decoded pathState(ByteBuffer body) {
        int revision = body.getInt();
        int flags = body.get();
        int mode = flags >> MODE_SHIFT & MODE_MASK;
        int role = body.get();
        long rateLimit = body.getLong();
        if (role < 0 || role > 3) {
            return new Malformed("unknown link role " + role);
        }
        if (mode > 2) {
            return new Malformed("unknown bonding mode " + mode);
        }
        if (rateLimit < 0) {
            return new Malformed("negative rate limit " + rateLimit);
        }
        return new Valid(new PathUse(
                revision, (flags & ANSWER) != 0, mode, role, (flags & METERED) != 0, (flags & PAUSED) != 0, rateLimit));
    }

    private static Decoded capacity(ByteBuffer body) {
        long bytesPerSecond = body.getLong();
        return bytesPerSecond > 0 && bytesPerSecond <= MOST_BYTES_PER_SECOND
                ? new Valid(new Capacity(bytesPerSecond))
                : new Malformed("no capacity: " + bytesPerSecond);
    }

    private static Decoded close(ByteBuffer body) {
        boolean wholeSession = body.get() != 0;
        int code = body.get();
        CloseReason[] reasons = CloseReason.values();
        if (code < 0 || code >= reasons.length) {
            return new Malformed("unknown close reason " + code);
        }
        return new Valid(new Close(wholeSession, reasons[code]));
    }

    private static int unsignedShort(ByteBuffer in) {
        return in.getShort() & 0xffff;
    }
}
