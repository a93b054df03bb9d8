package io.onebox.engine.reorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.Seeded;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DuplicateFilterTest {

    private static final int WINDOW = 1 << 16;

    private final DuplicateFilter filter = new DuplicateFilter();

    @Seeded
    void doesWhatASetWouldDo(RandomGenerator random) {
        Set<Long> seen = new HashSet<>();
        long greatest = random.nextLong(1L << 32, 1L << 40);
        filter.accept(greatest);
        seen.add(greatest);
        for (int i = 0; i < 5_000; i++) {
            long jump = random.nextInt(200) == 0 ? 3L * WINDOW : random.nextInt(5) == 0 ? 2L * WINDOW : 100;
            long sequence = greatest + 20 - random.nextLong(jump);
            sequence = random.nextInt(500) == 0 ? greatest + random.nextLong(2L * WINDOW) : sequence;
            boolean expected = sequence > greatest - WINDOW && seen.add(sequence);

            assertThat(filter.accept(sequence)).isEqualTo(expected);
            greatest = Math.max(greatest, sequence);
        }
    }

    @Seeded
    void extendsWhatIsNearAcrossTheTurnOfThirtyTwoBits(RandomGenerator random) {
        long sequence = random.nextLong(1L << 32);
        filter.accept(filter.extend((int) sequence));
        long first = filter.extend((int) sequence);
        long position = 0;
        for (int i = 0; i < 200; i++) {
            position += random.nextLong(1L << 30);
            long back = random.nextLong(1 << 20);
            filter.accept(filter.extend((int) (sequence + position)));

            assertThat(filter.extend((int) (sequence + position)) - first).isEqualTo(position);
            assertThat(filter.extend((int) (sequence + position - back)) - first)
                    .isEqualTo(position - back);
        }
    }

    @Test
    void numbersBelowTheFirstAreNotNegative() {
        filter.accept(filter.extend(5));

        assertThat(filter.extend(-5)).isPositive();
        assertThat(filter.accept(filter.extend(-5))).isTrue();
    }

    @Test
    void aRestartForgets() {
        filter.accept(filter.extend(7));
        assertThat(filter.accept(filter.extend(7))).isFalse();

        filter.restart();
        assertThat(filter.accept(filter.extend(7))).isTrue();
    }
}
