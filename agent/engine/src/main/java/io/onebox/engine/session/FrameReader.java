package io.onebox.engine.session;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.wire.AckFlyweight;
import io.onebox.engine.wire.ControlFrame;
import io.onebox.engine.wire.ControlFrameCodec;
import io.onebox.engine.wire.Decoded;
import io.onebox.engine.wire.Decoded.Malformed;
import io.onebox.engine.wire.Decoded.Unknown;
import io.onebox.engine.wire.Decoded.Valid;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Cuts an opened message into its frames. Trusts no length.
final class FrameReader {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort IP_SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int IPV4_LENGTH_OFFSET = 2;
    private static final int IPV6_LENGTH_OFFSET = 4;
    private static final int IPV6_HEADER = 40;
    private static final long NS_PER_US = 1_000;

    private final AckFlyweight ack = new AckFlyweight();

    /// Bytes of the control frame at the start of `packet`, or -1 if it is not one or is cut short.
    int frameLength(Packet packet) {
        int type = packet.segment().get(JAVA_BYTE, packet.offset()) & 0xff;
        if (type == 0
                || type >= ControlFrameCodec.FIRST_RESERVED_TYPE
                || packet.length() < ControlFrameCodec.HEADER_LENGTH) {
            return -1;
        }
        int body = packet.segment().get(SHORT, packet.offset() + 1) & 0xffff;
        int length = ControlFrameCodec.HEADER_LENGTH + body;
        return length <= packet.length() ? length : -1;
    }

    /// Whether the frame of `frameLength` bytes at the start of `packet` is an ACK.
    boolean isAck(Packet packet, int frameLength) {
        return frameLength >= AckFlyweight.LENGTH
                && packet.segment().get(JAVA_BYTE, packet.offset()) == AckFlyweight.TYPE;
    }

    /// The ACK at the start of `packet`.
    AckFlyweight ack(Packet packet) {
        return ack.wrap(packet.segment(), packet.offset());
    }

    /// The control frame at the start of `packet`, or `null` if it is unknown or malformed.
    @Nullable
    ControlFrame control(Packet packet, int frameLength) {
        byte type = packet.segment().get(JAVA_BYTE, packet.offset());
        Decoded decoded = ControlFrameCodec.decode(
                type,
                packet.segment()
                        .asSlice(
                                packet.offset() + ControlFrameCodec.HEADER_LENGTH,
                                frameLength - ControlFrameCodec.HEADER_LENGTH)
                        .asByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN));
        return switch (decoded) {
            case Valid(ControlFrame frame) -> frame;
            case Unknown _, Malformed _ -> null;
        };
    }

    /// Total length of the IP packet at the start of `packet` by its own header, without padding; more
    /// than there is if it is cut short.
    int ipLength(Packet packet) {
        if (packet.length() < IPV6_LENGTH_OFFSET + Short.BYTES) {
            return Integer.MAX_VALUE;
        }
        boolean isIpv4 = packet.segment().get(JAVA_BYTE, packet.offset()) >>> 4 == 4;
        return isIpv4
                ? packet.segment().get(IP_SHORT, packet.offset() + IPV4_LENGTH_OFFSET) & 0xffff
                : (packet.segment().get(IP_SHORT, packet.offset() + IPV6_LENGTH_OFFSET) & 0xffff) + IPV6_HEADER;
    }

    /// The delay nearest to `referenceNs` whose low 32 bits, in microseconds, are `us`.
    long extendReport(int us, long referenceNs) {
        long referenceUs = referenceNs / NS_PER_US;
        return (referenceUs + (us - (int) referenceUs)) * NS_PER_US;
    }
}
