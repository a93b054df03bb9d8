package io.onebox.engine.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.testing.Seeded;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class JceAeadTest {

    private static final byte[] NOTHING = {};

    private static byte[] nonce(long counter) {
        return ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(Integer.BYTES, counter)
                .array();
    }

    /// Both are compared with BouncyCastle, which knows nothing of the JDK.
    @Seeded
    void sealsAndOpensAsBouncyCastleDoes(RandomGenerator random) {
        var key = new byte[Aead.KEY_LENGTH];
        random.nextBytes(key);
        Aead aead = JceAead.factory().create(key);
        for (int i = 0; i < 20; i++) {
            var plain = new byte[random.nextInt(1_600)];
            random.nextBytes(plain);
            long counter = random.nextLong();

            byte[] sealed = seal(aead, counter, plain);

            assertThat(sealed).isEqualTo(SealedBox.seal(key, nonce(counter), plain, NOTHING));
            assertThat(open(aead, counter, sealed)).isEqualTo(plain);
        }
    }

    @Seeded
    void worksInPlace(RandomGenerator random) {
        Aead aead = JceAead.factory().create(new byte[Aead.KEY_LENGTH]);
        var plain = new byte[1 + random.nextInt(1_500)];
        random.nextBytes(plain);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(2_048);
            MemorySegment.copy(plain, 0, memory, ValueLayout.JAVA_BYTE, 16, plain.length);

            aead.seal(7, memory, 16, plain.length, memory, 16);
            boolean authentic = aead.open(7, memory, 16, plain.length + Aead.TAG_LENGTH, memory, 16);

            assertThat(authentic).isTrue();
            assertThat(memory.asSlice(16, plain.length).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(plain);
        }
    }

    @Test
    void refusesEachFlippedBitAndEachOtherCounter() {
        Aead aead = JceAead.factory().create(new byte[Aead.KEY_LENGTH]);
        byte[] sealed = seal(aead, 5, new byte[48]);
        for (int bit = 0; bit < sealed.length * Byte.SIZE; bit++) {
            sealed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThat(open(aead, 5, sealed)).as("bit %s", bit).isNull();
            sealed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        }
        for (int bit = 0; bit < Long.SIZE; bit++) {
            assertThat(open(aead, 5 ^ 1L << bit, sealed))
                    .as("bit %s of the counter", bit)
                    .isNull();
        }
        assertThat(open(aead, 5, sealed)).isNotNull();
    }

    /// A replay is for the window to refuse; the cipher may not mind.
    @Test
    void opensTheSameTwice() {
        Aead aead = JceAead.factory().create(new byte[Aead.KEY_LENGTH]);
        byte[] sealed = seal(aead, 5, new byte[10]);

        assertThat(open(aead, 5, sealed)).isNotNull();
        assertThat(open(aead, 5, sealed)).isNotNull();
    }

    @Test
    void refusesWhatIsShorterThanATag() {
        Aead aead = JceAead.factory().create(new byte[Aead.KEY_LENGTH]);
        MemorySegment memory = MemorySegment.ofArray(new byte[Aead.TAG_LENGTH]);
        for (int length = 0; length < Aead.TAG_LENGTH; length++) {
            assertThat(aead.open(0, memory, 0, length, memory, 0)).isFalse();
        }
    }

    @Test
    void neverSealsTwiceUnderOneCounter() {
        Aead aead = JceAead.factory().create(new byte[Aead.KEY_LENGTH]);
        seal(aead, 5, NOTHING);

        assertThatThrownBy(() -> seal(aead, 5, NOTHING)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void forgetsItsKey() {
        var key = new byte[Aead.KEY_LENGTH];
        key[0] = 1;
        Aead aead = JceAead.factory().create(key);
        byte[] sealed = seal(aead, 5, NOTHING);

        aead.close();

        assertThat(open(aead, 5, sealed)).isNull();
    }

    private static byte[] seal(Aead aead, long counter, byte[] plain) {
        MemorySegment sealed = MemorySegment.ofArray(new byte[plain.length + Aead.TAG_LENGTH]);
        aead.seal(counter, MemorySegment.ofArray(plain), 0, plain.length, sealed, 0);
        return sealed.toArray(ValueLayout.JAVA_BYTE);
    }

    private static byte[] open(Aead aead, long counter, byte[] sealed) {
        MemorySegment opened = MemorySegment.ofArray(new byte[sealed.length - Aead.TAG_LENGTH]);
        boolean authentic = aead.open(counter, MemorySegment.ofArray(sealed), 0, sealed.length, opened, 0);
        return authentic ? opened.toArray(ValueLayout.JAVA_BYTE) : null;
    }
}
