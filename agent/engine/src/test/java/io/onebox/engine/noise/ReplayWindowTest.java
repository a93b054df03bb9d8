package io.onebox.engine.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.AllocationMeter;
import io.onebox.testing.Seeded;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {

    private final ReplayWindow window = new ReplayWindow();

    @Test
    void acceptsEachCounterOnce() {
        assertThat(window.accept(0)).isTrue();
        assertThat(window.accept(0)).isFalse();
        assertThat(window.accept(2)).isTrue();
        assertThat(window.accept(1)).isTrue();
        assertThat(window.accept(1)).isFalse();
        assertThat(window.accept(2)).isFalse();
    }

    @Test
    void remembersAtLeastFourThousandBehindTheHighest() {
        assertThat(ReplayWindow.SIZE).isGreaterThanOrEqualTo(4_096);

        window.accept(1_000_000);

        assertThat(window.accept(1_000_000 - ReplayWindow.SIZE + 1)).isTrue();
        assertThat(window.accept(1_000_000 - ReplayWindow.SIZE)).isFalse();
    }

    @Test
    void askingChangesNothing() {
        assertThat(window.wouldAccept(5)).isTrue();
        assertThat(window.wouldAccept(5)).isTrue();
        assertThat(window.accept(5)).isTrue();
        assertThat(window.wouldAccept(5)).isFalse();
    }

    @Test
    void refusesCountersThatNobodyReaches() {
        assertThat(window.accept(-1)).isFalse();
        assertThat(window.accept(Long.MIN_VALUE)).isFalse();
        assertThat(window.accept(Long.MAX_VALUE)).isTrue();
        assertThat(window.accept(Long.MAX_VALUE)).isFalse();
        assertThat(window.accept(0)).isFalse();
    }

    /// The model remembers everything.
    @Seeded
    void doesWhatASetWouldDo(RandomGenerator random) {
        Set<Long> seen = new HashSet<>();
        long highest = 0;
        for (int i = 0; i < 5_000; i++) {
            long counter = next(random, highest);
            boolean expected = highest - counter < ReplayWindow.SIZE && !seen.contains(counter);

            assertThat(window.wouldAccept(counter))
                    .as("counter %s after %s", counter, highest)
                    .isEqualTo(expected);
            assertThat(window.accept(counter)).isEqualTo(expected);
            if (expected) {
                seen.add(counter);
                highest = Math.max(highest, counter);
            }
        }
    }

    /// Mostly near the highest, sometimes at the far edge, seldom far ahead.
    private static long next(RandomGenerator random, long highest) {
        long counter = switch (random.nextInt(20)) {
            case 0 -> highest + random.nextLong(3L * ReplayWindow.SIZE);
            case 1, 2 -> highest - ReplayWindow.SIZE + random.nextInt(-70, 70);
            case 3, 4, 5 -> highest - random.nextInt(ReplayWindow.SIZE);
            default -> highest + random.nextInt(-32, 4);
        };
        return Math.max(0, counter);
    }

    @Test
    void allocatesNothing() {
        Runnable work = () -> {
            for (long counter = 0; counter < 100_000; counter += 3) {
                window.accept(counter);
                window.accept(counter - 2);
            }
        };
        work.run();

        assertThat(AllocationMeter.bytesAllocatedBy(work))
                .as("bytes for 66,666 counters")
                .isLessThan(1_000);
    }
}
