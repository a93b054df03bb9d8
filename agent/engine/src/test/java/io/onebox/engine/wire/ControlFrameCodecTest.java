package io.onebox.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
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
import io.onebox.testing.Seeded;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ControlFrameCodecTest {

    private static final List<ControlFrame> ONE_OF_EACH = List.of(
            new Hello(1, 2, 3, 4, true),
            new Probe(1, 2, 3, true, true, 0),
            new ProbeReply(1, 2, 3, 4, 5),
            new PathUse(1, true, 2, 2, true, true, 3),
            new Capacity(6),
            new Close(true, CloseReason.REVOKED));

    private static ControlFrame any(RandomGenerator random) {
        return switch (random.nextInt(6)) {
            case 0 ->
                new Hello(
                        random.nextInt(256),
                        random.nextLong(),
                        random.nextInt(),
                        random.nextInt(),
                        random.nextBoolean());
            case 1 ->
                new Probe(
                        random.nextInt(),
                        random.nextInt(65_536),
                        random.nextInt(),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        random.nextInt(1_400));
            case 2 ->
                new ProbeReply(
                        random.nextInt(),
                        random.nextInt(65_536),
                        random.nextInt(),
                        random.nextInt(),
                        random.nextInt(65_536));
            case 3 ->
                new PathUse(
                        random.nextInt(),
                        random.nextBoolean(),
                        random.nextInt(3),
                        random.nextInt(4),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        random.nextLong(Long.MAX_VALUE));
            case 4 -> new Capacity(random.nextLong(1, 125_000_000_001L));
            default -> new Close(random.nextBoolean(), CloseReason.values()[random.nextInt(3)]);
        };
    }

    private static ByteBuffer encoded(ControlFrame frame) {
        ByteBuffer out = ByteBuffer.allocate(1_500).order(ByteOrder.LITTLE_ENDIAN);
        ControlFrameCodec.encode(frame, out);
        return out.flip();
    }

    private static Decoded decoded(ByteBuffer in) {
        byte type = in.get();
        assertThat(in.getShort() & 0xffff).isEqualTo(in.remaining());
        return ControlFrameCodec.decode(type, in);
    }

    @Seeded(runs = 500)
    void everyFrameSurvivesTheWire(RandomGenerator random) {
        ControlFrame frame = any(random);

        ByteBuffer bytes = encoded(frame);

        assertThat(bytes.remaining()).isEqualTo(ControlFrameCodec.length(frame));
        assertThat(decoded(bytes)).isEqualTo(new Valid(frame));
    }

    /// Another implementation must be able to rely on these bytes.
    @Test
    void theBytesOfAProbeAreWhereTheDrawingPutsThem() {
        byte[] bytes = new byte[ControlFrameCodec.length(new Probe(0, 0, 0, false, false, 2))];
        encoded(new Probe(0x04030201, 0x0605, 0x0a090807, true, true, 2)).get(bytes);

        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("04" + "0d00" + "01020304" + "0506" + "0708090a" + "03" + "0000");
    }

    @Test
    void whatALaterVersionAppendsIsIgnored() {
        for (ControlFrame frame : ONE_OF_EACH) {
            ByteBuffer bytes = encoded(frame);
            byte type = bytes.get();
            ByteBuffer longer = ByteBuffer.allocate(bytes.remaining() + 3).order(ByteOrder.LITTLE_ENDIAN);
            longer.put(bytes.position(ControlFrameCodec.HEADER_LENGTH))
                    .position(longer.capacity() - 5)
                    .flip();

            Decoded decoded = ControlFrameCodec.decode(type, longer.limit(longer.capacity() - 2));

            ControlFrame expected = frame instanceof Probe ? new Probe(1, 2, 3, true, true, 3) : frame;
            assertThat(decoded).isEqualTo(new Valid(expected));
        }
    }

    @Test
    void aFrameCutShortIsMalformed() {
        for (ControlFrame frame : ONE_OF_EACH) {
            int body = ControlFrameCodec.length(frame) - ControlFrameCodec.HEADER_LENGTH;
            for (int length = 0; length < body; length++) {
                ByteBuffer bytes = encoded(frame);
                byte type = bytes.get();
                bytes.position(ControlFrameCodec.HEADER_LENGTH).limit(ControlFrameCodec.HEADER_LENGTH + length);

                assertThat(ControlFrameCodec.decode(type, bytes)).isInstanceOf(Malformed.class);
            }
        }
    }

    @Test
    void aTypeNobodyKnowsIsUnknown() {
        assertThat(ControlFrameCodec.decode((byte) 15, ByteBuffer.allocate(40))).isEqualTo(new Unknown(15));
    }

    @Test
    void valuesNobodyMayUseAreMalformed() {
        assertThat(decoded(encoded(new PathUse(1, false, 0, 4, false, false, 0))))
                .isInstanceOf(Malformed.class);
        assertThat(decoded(encoded(new PathUse(1, false, 0, -1, false, false, 0))))
                .isInstanceOf(Malformed.class);
        assertThat(decoded(encoded(new PathUse(1, false, 3, 0, false, false, 0))))
                .isInstanceOf(Malformed.class);
        assertThat(decoded(encoded(new PathUse(1, false, 0, 0, false, false, -1))))
                .isInstanceOf(Malformed.class);
        for (long capacity : new long[] {Long.MIN_VALUE, -1, 0, 125_000_000_001L, Long.MAX_VALUE}) {
            assertThat(decoded(encoded(new Capacity(capacity)))).isInstanceOf(Malformed.class);
        }
        ByteBuffer close = encoded(new Close(true, CloseReason.REVOKED));
        close.put(ControlFrameCodec.HEADER_LENGTH + 1, (byte) CloseReason.values().length);
        assertThat(decoded(close)).isInstanceOf(Malformed.class);
    }

    /// What can be read can be written again, and reads the same.
    @FuzzTest
    void anything(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        ByteBuffer body = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        byte type = body.get();

        Decoded decoded = ControlFrameCodec.decode(type, body);

        if (decoded instanceof Valid(ControlFrame frame)) {
            ByteBuffer again =
                    ByteBuffer.allocate(ControlFrameCodec.length(frame)).order(ByteOrder.LITTLE_ENDIAN);
            ControlFrameCodec.encode(frame, again);
            assertThat(decoded(again.flip())).isEqualTo(decoded);
        }
    }

    @Seeded(runs = 1_000)
    void anythingFromASeed(RandomGenerator random) {
        var bytes = new byte[random.nextInt(60)];
        random.nextBytes(bytes);
        if (bytes.length > 0 && random.nextInt(4) > 0) {
            bytes[0] = (byte) random.nextInt(10);
        }
        anything(bytes);
    }
}
