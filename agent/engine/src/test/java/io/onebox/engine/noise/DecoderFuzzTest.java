package io.onebox.engine.noise;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.onebox.engine.packet.Packet;
import io.onebox.testing.Seeded;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;

/// No bytes from the wire make a decoder throw, and none are authentic by chance.
///
/// Each decoder is tried with seeds in every build, and with Jazzer's inputs, which are those under
/// `DecoderFuzzTestInputs`. To look for new ones, for one decoder at a time:
///
/// ```
/// JAZZER_FUZZ=1 mvn -pl agent/engine -am test -Dtest=DecoderFuzzTest#response \
///     -Dsurefire.failIfNoSpecifiedTests=false -Djazzer.hooks=true -Djazzer.max_duration=60s
/// ```
class DecoderFuzzTest {

    private static final int[] LENGTHS = {0, 1, 3, 4, 15, 16, 31, 32, 64, 92, 148, 149};

    private final Exchange exchange = new Exchange();

    private Packet packet(byte[] bytes) {
        Packet packet = exchange.client.packet();
        int length = Math.min(bytes.length, Packet.CAPACITY - packet.offset());
        packet.length(length);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, packet.segment(), packet.offset(), length);
        return packet;
    }

    /// Bytes that get past the first checks more often than chance would.
    private static byte[] plausible(RandomGenerator random, int length) {
        var bytes = new byte[random.nextBoolean() ? length : LENGTHS[random.nextInt(LENGTHS.length)]];
        random.nextBytes(bytes);
        for (int i = 0; i < Math.min(bytes.length, Integer.BYTES); i++) {
            bytes[i] = (byte) (i == 0 ? random.nextInt(6) : 0);
        }
        return bytes;
    }

    @FuzzTest
    void initiation(byte[] bytes) {
        Packet packet = packet(bytes);

        ReceivedInitiation received = ReceivedInitiation.open(exchange.server.context, packet);

        assertThat(received == null || !received.authenticate(exchange.server.sees(exchange.client, PresharedKey.NONE)))
                .isTrue();
        packet.release();
    }

    @Seeded
    void initiationFromASeed(RandomGenerator random) {
        initiation(plausible(random, 148));
    }

    @FuzzTest
    void response(byte[] bytes) {
        Packet packet = packet(bytes);

        assertThat(exchange.waiting().onResponse(packet, 0)).isNull();
        packet.release();
    }

    @Seeded
    void responseFromASeed(RandomGenerator random) {
        byte[] bytes = plausible(random, 92);
        if (bytes.length >= 12 && random.nextBoolean()) {
            MemorySegment.ofArray(bytes).asSlice(8, Integer.BYTES).fill((byte) Exchange.CLIENT_INDEX);
        }
        response(bytes);
    }

    @FuzzTest
    void cookieReply(byte[] bytes) {
        Packet packet = packet(bytes);

        assertThat(exchange.clientJar.onCookieReply(packet, 0)).isFalse();
        packet.release();
    }

    @Seeded
    void cookieReplyFromASeed(RandomGenerator random) {
        cookieReply(plausible(random, 64));
    }

    @FuzzTest
    void macs(byte[] bytes) {
        Packet packet = packet(bytes);
        Packet reply = exchange.server.packet();
        exchange.server.checker.writeReply(exchange.initiation, reply, 0);

        assertThat(exchange.server.checker.hasValidMac1(packet)).isFalse();
        assertThat(exchange.server.checker.hasValidMac2(packet, 0)).isFalse();
        packet.release();
        reply.release();
    }

    @Seeded
    void macsFromASeed(RandomGenerator random) {
        macs(plausible(random, random.nextBoolean() ? 148 : 92));
    }

    @FuzzTest
    void transport(byte[] bytes) {
        Aead aead = JceAead.factory().create(new byte[Aead.KEY_LENGTH]);
        MemorySegment memory = MemorySegment.ofArray(bytes);

        assertThat(aead.open(bytes.length, memory, 0, bytes.length, memory, 0)).isFalse();
    }

    @Seeded
    void transportFromASeed(RandomGenerator random) {
        transport(plausible(random, random.nextInt(1_500)));
    }

    @FuzzTest
    void timestamp(byte[] bytes) {
        if (bytes.length < Tai64n.LENGTH) {
            return;
        }
        Tai64n label = Tai64n.decode(bytes, 0);

        assertThat(label.pathId()).isBetween(Tai64n.NO_PATH, 255);
        assertThat(Tai64n.at(0, 1).after(label).pathId()).isEqualTo(1);
    }

    @Seeded
    void timestampFromASeed(RandomGenerator random) {
        var bytes = new byte[Tai64n.LENGTH];
        random.nextBytes(bytes);
        timestamp(bytes);
    }
}
