package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.engine.noise.Aead;
import io.onebox.engine.noise.JceAead;
import io.onebox.testing.AllocationMeter;
import io.onebox.testing.Seeded;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LibcryptoAeadTest {

    private static final int ROOM = 2_048;

    private final Aead.Factory factory = LibcryptoAead.factory(Libcrypto.load());
    private final MemorySegment ours = Arena.ofAuto().allocate(ROOM);
    private final MemorySegment theirs = Arena.ofAuto().allocate(ROOM);

    @Seeded
    void sealsAsTheJdkDoesAndOpensIt(RandomGenerator random) {
        var key = new byte[Aead.KEY_LENGTH];
        random.nextBytes(key);
        int length = random.nextInt(1_500);
        long counter = random.nextLong();
        var text = new byte[length];
        random.nextBytes(text);
        MemorySegment.copy(text, 0, ours, JAVA_BYTE, 16, length);
        MemorySegment.copy(text, 0, theirs, JAVA_BYTE, 16, length);

        try (Aead libcrypto = factory.create(key);
                Aead jdk = JceAead.factory().create(key)) {
            libcrypto.seal(counter, ours, 16, length, ours, 16);
            jdk.seal(counter, theirs, 16, length, theirs, 16);
            assertThat(ours.mismatch(theirs)).isEqualTo(-1);

            assertThat(libcrypto.open(counter + 1, ours, 16, length + Aead.TAG_LENGTH, theirs, 0))
                    .isFalse();
            assertThat(libcrypto.open(counter, ours, 16, length + Aead.TAG_LENGTH, theirs, 0))
                    .isTrue();
            assertThat(theirs.asSlice(0, length).toArray(JAVA_BYTE)).isEqualTo(text);
        }
    }

    @Test
    void refusesWhatIsShorterThanATag() {
        try (Aead aead = factory.create(new byte[Aead.KEY_LENGTH])) {
            assertThat(aead.open(0, ours, 0, Aead.TAG_LENGTH - 1, ours, 0)).isFalse();
        }
    }

    @Test
    void refusesToWriteBehindTheEndOfMemory() {
        try (Aead aead = factory.create(new byte[Aead.KEY_LENGTH])) {
            assertThatThrownBy(() -> aead.seal(0, ours, 0, ROOM, ours, 0))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void refusesAnErasedKey() {
        Aead aead = factory.create(new byte[Aead.KEY_LENGTH]);
        aead.seal(0, ours, 0, 100, ours, 0);
        aead.close();
        aead.close();

        assertThatThrownBy(() -> aead.seal(1, ours, 0, 100, ours, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sealsAndOpensWithoutAllocating() {
        try (Aead aead = factory.create(new byte[Aead.KEY_LENGTH])) {
            thereAndBack(aead, 20_000);

            long allocated = AllocationMeter.bytesAllocatedBy(() -> thereAndBack(aead, 10_000));

            assertThat(allocated).as("bytes for 10,000 packets").isLessThan(1_000);
        }
    }

    @Test
    void choosesLibcryptoHereAndWarmsItUpQuickly() {
        AeadChoice choice = AeadChoice.choose();

        assertThat(choice.name()).as(choice.reason()).isEqualTo("libcrypto");
        assertThat(choice.warmUp()).isPositive();
    }

    @Test
    void fallsBackToTheJdkFromACipherThatGivesWrongAnswers() {
        var otherKey = new byte[Aead.KEY_LENGTH];

        AeadChoice choice = AeadChoice.check(_ -> factory.create(otherKey));

        assertThat(choice.name()).isEqualTo("jdk");
        assertThat(choice.reason()).isEqualTo("libcrypto.so.3 seals wrongly");
    }

    private void thereAndBack(Aead aead, int packets) {
        for (int i = 0; i < packets; i++) {
            aead.seal(i, ours, 64, 1_000, ours, 64);
            aead.open(i, ours, 64, 1_000 + Aead.TAG_LENGTH, ours, 64);
        }
    }
}
