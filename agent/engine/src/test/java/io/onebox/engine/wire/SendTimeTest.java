package io.onebox.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SendTimeTest {

    private static final long UNIT_NS = 100_000;
    private static final long TURN_NS = UNIT_NS << 16;

    @Test
    void countsHundredsOfMicrosecondsAndWraps() {
        assertThat(SendTime.of(0)).isZero();
        assertThat(SendTime.of(UNIT_NS - 1)).isZero();
        assertThat(SendTime.of(UNIT_NS)).isEqualTo(1);
        assertThat(SendTime.of(TURN_NS - 1)).isEqualTo(65_535);
        assertThat(SendTime.of(TURN_NS)).isZero();
        assertThat(SendTime.of(1_000 * TURN_NS + 7 * UNIT_NS)).isEqualTo(7);
    }

    /// Two messages of one peer tell their difference in delay, whatever the distance of the clocks and
    /// however many turns lie between them.
    @Seeded(runs = 500)
    void delaysOfOnePeerCanBeSubtracted(RandomGenerator random) {
        long distanceNs = random.nextLong(-1_000_000_000_000L, 1_000_000_000_000L);
        long referenceNs = 0;
        long sentNs = random.nextLong(1_000_000_000_000L);
        long previousDelayNs = 0;
        boolean known = false;
        for (int i = 0; i < 50; i++) {
            sentNs += random.nextLong(20 * TURN_NS);
            long delayNs = random.nextLong(2_000_000_000L);

            long oneWayNs = SendTime.oneWayNs(SendTime.of(sentNs), sentNs + distanceNs + delayNs, referenceNs);

            if (known) {
                assertThat(oneWayNs - referenceNs)
                        .isBetween(delayNs - previousDelayNs - UNIT_NS, delayNs - previousDelayNs + UNIT_NS);
            }
            known = true;
            previousDelayNs = delayNs;
            referenceNs = oneWayNs;
        }
    }

    @Test
    void aPeerWhoseClockIsAheadHasNegativeDelays() {
        long sentNs = 10 * TURN_NS;
        long first = SendTime.oneWayNs(SendTime.of(sentNs), sentNs - 3_000_000_000L + 20_000_000, 0);

        assertThat(first).isEqualTo(-3_000_000_000L + 20_000_000);
    }
}
