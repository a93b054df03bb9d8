package io.onebox.agent.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

class RetryPausesTest {

    private static final int FLEET = 10_000;

    /// 1, 2, 4 … 32 s, then 60 s for ever.
    private static final List<Long> BOUNDS =
            List.of(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 60_000L, 60_000L);

    @Seeded
    void areSpreadEvenlyBetweenZeroAndABoundThatDoubles(RandomGenerator random) {
        List<RetryPauses> fleet = fleet(random);

        for (long boundMs : BOUNDS) {
            assertIsSpreadUpTo(boundMs, fleet);
        }
    }

    @Seeded
    void beginAnewWhenTheControllerWasThere(RandomGenerator random) {
        List<RetryPauses> fleet = fleet(random);
        BOUNDS.forEach(_ -> fleet.forEach(RetryPauses::nextMs));

        fleet.forEach(RetryPauses::onWelcome);

        assertIsSpreadUpTo(RetryPauses.FIRST_BOUND_MS, fleet);
    }

    @Seeded
    void areLongAtOnceWhenTheControllerRefuses(RandomGenerator random) {
        List<RetryPauses> fleet = fleet(random);

        fleet.forEach(RetryPauses::onRefused);

        assertIsSpreadUpTo(RetryPauses.LONGEST_MS, fleet);
        assertIsSpreadUpTo(RetryPauses.LONGEST_MS, fleet);
    }

    private static List<RetryPauses> fleet(RandomGenerator random) {
        List<RetryPauses> fleet = new ArrayList<>();
        for (int i = 0; i < FLEET; i++) {
            fleet.add(new RetryPauses(random));
        }
        return fleet;
    }

    /// Every tenth of the time has its tenth of the fleet, give or take a fifth: six standard deviations.
    private static void assertIsSpreadUpTo(long boundMs, List<RetryPauses> fleet) {
        long[] pausesMs = fleet.stream().mapToLong(RetryPauses::nextMs).toArray();
        assertThat(LongStream.of(pausesMs)).allMatch(pauseMs -> pauseMs >= 1 && pauseMs <= boundMs);
        for (int tenth = 0; tenth < 10; tenth++) {
            long fromMs = tenth * boundMs / 10;
            long untilMs = fromMs + boundMs / 10;
            assertThat(LongStream.of(pausesMs)
                            .filter(pauseMs -> pauseMs > fromMs && pauseMs <= untilMs)
                            .count())
                    .as("pauses of %d to %d ms", fromMs, untilMs)
                    .isBetween(FLEET / 10 * 4L / 5, FLEET / 10 * 6L / 5);
        }
    }
}
