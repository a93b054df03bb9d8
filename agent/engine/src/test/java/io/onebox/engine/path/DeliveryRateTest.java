package io.onebox.engine.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DeliveryRateTest {

    private static final long MS = 1_000_000;
    private static final long RATE = 2_500_000;

    private final DeliveryRate rate = new DeliveryRate();

    private long report(long arrivalNs, long sentNs, long bytes) {
        return rate.onReport(arrivalNs, sentNs, bytes, 0);
    }

    @Test
    void measuresASteadyPath() {
        long sample = DeliveryRate.NONE;
        for (int i = 0; i < 20; i++) {
            sample = report(i * 10L * MS, i * 10L * MS, i * RATE / 100);
        }

        assertThat(sample).isEqualTo(RATE);
    }

    @Test
    void saysNothingOfShortSpans() {
        assertThat(report(0, 0, 0)).isEqualTo(DeliveryRate.NONE);
        assertThat(report(10 * MS, 10 * MS, 25_000)).isEqualTo(DeliveryRate.NONE);
        assertThat(report(17 * MS, 17 * MS, 42_500)).isEqualTo(DeliveryRate.NONE);
        assertThat(report(20 * MS, 20 * MS, 50_000)).isEqualTo(RATE);
    }

    @Test
    void jitterMakesTheSpansLonger() {
        assertThat(rate.onReport(0, 0, 0, 20 * MS)).isEqualTo(DeliveryRate.NONE);
        assertThat(rate.onReport(90 * MS, 90 * MS, 225_000, 20 * MS)).isEqualTo(DeliveryRate.NONE);
        assertThat(rate.onReport(100 * MS, 100 * MS, 250_000, 20 * MS)).isEqualTo(RATE);
    }

    /// A negative difference once became a sample of 34 Tbit/s (protocol.md 2, lesson 2).
    @Test
    void discardsReportsThatOvertookEachOther() {
        report(0, 0, 0);
        report(40 * MS, 40 * MS, 100_000);

        assertThat(report(30 * MS, 70 * MS, 120_000)).as("older arrival").isEqualTo(DeliveryRate.NONE);
        assertThat(report(70 * MS, 70 * MS, 90_000)).as("fewer bytes").isEqualTo(DeliveryRate.NONE);
        assertThat(report(80 * MS, 80 * MS, 200_000)).isEqualTo(RATE);
    }

    @Test
    void aFewProbesSayNothing() {
        report(0, 0, 0);

        assertThat(report(1_000 * MS, 1_000 * MS, 5_000)).isEqualTo(DeliveryRate.NONE);
    }

    /// A radio that keeps what it has and then delivers at the speed of its air interface.
    @Seeded
    void burstsAreNotTakenForSpeed(RandomGenerator random) {
        long cycleNs = random.nextLong(5, 60) * MS;
        long bytes = 0;
        for (int i = 1; i <= 400; i++) {
            long sentNs = i * 5L * MS;
            bytes += RATE / 200;
            long burstNs = (sentNs + cycleNs - 1) / cycleNs * cycleNs;
            long sample = report(burstNs + i * 1_000L, sentNs, bytes);
            assertThat(sample).isLessThanOrEqualTo((long) (1.02 * RATE) + RATE * 5 * MS / (18 * MS));
        }
    }

    /// A queue lets us send faster than the path delivers.
    @Test
    void fillingAQueueIsNotTakenForSpeed() {
        long sample = DeliveryRate.NONE;
        for (int i = 0; i < 50; i++) {
            sample = report(i * 20L * MS, i * 10L * MS, i * RATE / 50);
        }

        assertThat(sample).isEqualTo(RATE);
    }

    @Test
    void knowsWhenThereWasNothingToSend() {
        report(0, 0, 0);
        rate.onIdle(10 * MS);
        report(20 * MS, 20 * MS, 50_000);
        assertThat(rate.isApplicationLimited()).isTrue();

        report(40 * MS, 40 * MS, 100_000);
        report(60 * MS, 60 * MS, 150_000);
        assertThat(rate.isApplicationLimited()).isFalse();
    }

    @Test
    void spansDoNotReachBackBeyondARestart() {
        report(0, 0, 0);
        rate.restart();

        assertThat(report(5_000 * MS, 5_000 * MS, 50_000)).isEqualTo(DeliveryRate.NONE);
        assertThat(report(5_020 * MS, 5_020 * MS, 100_000)).isEqualTo(RATE);
    }

    /// Whatever is reported, a sample is never above what arrived in the shortest span.
    @Seeded
    void noSampleIsNegativeOrBeyondReason(RandomGenerator random) {
        long arrivalNs = 0;
        long sentNs = 0;
        long bytes = 0;
        for (int i = 0; i < 500; i++) {
            arrivalNs += random.nextLong(-5 * MS, 30 * MS);
            sentNs += random.nextLong(-5 * MS, 30 * MS);
            bytes += random.nextLong(-10_000, 100_000);

            long sample = report(arrivalNs, sentNs, bytes);

            assertThat(sample).isBetween(DeliveryRate.NONE, 100_000L * 500 * 1_000 / 18);
        }
    }
}
