package io.onebox.engine.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Laws of the model in a small closed loop, whatever its constants: a link with a queue in front, and a
/// sender that keeps the model's pace.
class RateModelTest {

    private static final long MS = 1_000_000;
    private static final long STEP_NS = 20 * MS;
    private static final long BASE_NS = 15 * MS;

    private final RateModel model = new RateModel();
    private final QueueDelay delay = new QueueDelay();

    private long nowNs;
    private double queueBytes;
    private long jitterNs;
    private long offered = Long.MAX_VALUE;

    private void run(int steps, long linkRate, RandomGenerator random) {
        double stepSeconds = STEP_NS / 1e9;
        for (int step = 0; step < steps; step++) {
            nowNs += STEP_NS;
            boolean limited = offered < model.pace();
            queueBytes += Math.min(model.pace(), offered) * stepSeconds;
            double delivered = Math.min(queueBytes, linkRate * stepSeconds);
            queueBytes -= delivered;
            long noiseNs = jitterNs == 0 ? 0 : random.nextLong(jitterNs);
            delay.onSample(BASE_NS + (long) (queueBytes / linkRate * 1e9) + noiseNs, nowNs);
            model.onReport((long) (delivered / stepSeconds), limited, delay, 2 * BASE_NS, nowNs);
        }
    }

    @Seeded
    void findsTheRateOfALinkAndKeepsItsQueueShort(RandomGenerator random) {
        long rate = random.nextLong(500_000, 20_000_000);

        run(1_000, rate, random);

        assertThat(model.estimate()).isBetween((long) (0.85 * rate), (long) (1.1 * rate));
        assertThat(model.isSearching()).isFalse();
        assertThat(delay.queueNs()).isLessThan(60 * MS);
    }

    @Seeded
    void followsALinkThatGetsSlower(RandomGenerator random) {
        long rate = random.nextLong(2_000_000, 20_000_000);
        run(500, rate, random);

        run(750, rate / 4, random);

        assertThat(model.estimate()).isLessThan((long) (1.5 * rate / 4));
        assertThat(delay.queueNs()).isLessThan(100 * MS);
    }

    /// protocol.md 2, lesson 3.
    @Seeded
    void jitterAloneDoesNotStarveALink(RandomGenerator random) {
        long rate = random.nextLong(2_000_000, 20_000_000);
        jitterNs = 15 * MS;

        run(1_500, rate, random);

        assertThat(model.estimate()).isGreaterThan((long) (0.7 * rate));
    }

    /// protocol.md 2, lesson 4.
    @Seeded
    void keepsItsEstimateWhileThereIsLittleToSend(RandomGenerator random) {
        long rate = random.nextLong(2_000_000, 20_000_000);
        run(500, rate, random);
        long before = model.estimate();
        offered = rate / 20;

        run(3_000, rate, random);

        assertThat(model.estimate()).isGreaterThanOrEqualTo((long) (0.95 * before));
    }

    @Test
    void neverStopsAltogether() {
        assertThat(model.pace()).isPositive();
        for (int i = 0; i < 1_000; i++) {
            nowNs += STEP_NS;
            delay.onSample(BASE_NS + i * MS, nowNs);
            model.onReport(10, false, delay, 2 * BASE_NS, nowNs);
            model.onRoundLoss(0.5, 0, delay.queueNs());
            assertThat(model.pace()).isGreaterThanOrEqualTo(RateModel.LEAST_BYTES_PER_SECOND);
        }
    }

    @Test
    void radioLossAloneChangesNothing() {
        model.onReport(5_000_000, false, delay, 2 * BASE_NS, MS);
        long before = model.estimate();

        model.onRoundLoss(0.1, 0, 0);

        assertThat(model.estimate()).isEqualTo(before);
    }

    /// A flow inside that waits for what stands in the queue looks limited; the link is what limits.
    @Seeded
    void aLinkThatGetsSlowerIsNoticedThoughTheFlowInsideIsLimited(RandomGenerator random) {
        long rate = random.nextLong(2_000_000, 8_000_000);
        run(500, rate, random);
        offered = model.estimate();

        run(50, rate / 4, random);

        assertThat(model.estimate()).isLessThan((long) (1.3 * rate / 4));
    }

    /// Down and up again like a radio: known again a second later.
    @Seeded
    void followsALinkThatComesBackWithinASecond(RandomGenerator random) {
        long rate = random.nextLong(2_000_000, 8_000_000);
        run(500, rate, random);
        run(75, rate / 4, random);

        run(50, rate, random);

        assertThat(model.estimate()).isGreaterThan((long) (0.8 * rate));
    }

    @Test
    void theLeastOfSeveralTrainsCountsUntilDataIsSent() {
        model.learn(8_000_000, true);
        model.learn(2_000_000, true);
        model.learn(4_000_000, true);

        assertThat(model.estimate()).isEqualTo(1_900_000);
        assertThat(model.isUntried()).isTrue();
        run(20, 8_000_000, new java.util.Random(1));
        assertThat(model.isUntried()).isFalse();
        model.learn(500_000, true);
        assertThat(model.estimate()).isGreaterThan(1_900_000);
    }
}
