package io.onebox.engine.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// [RttEstimator], [LossEstimator] and [QueueDelay].
class EstimatorsTest {

    private static final long MS = 1_000_000;

    private final RttEstimator rtt = new RttEstimator();
    private final LossEstimator loss = new LossEstimator();
    private final QueueDelay queue = new QueueDelay();

    /// RFC 6298, section 2: SRTT = R, RTTVAR = R/2; then RTTVAR = 3/4 RTTVAR + 1/4 |SRTT - R'|, and
    /// SRTT = 7/8 SRTT + 1/8 R'.
    @Test
    void smoothsRoundTripsAsTheRfcSays() {
        rtt.onSample(100 * MS, 0);
        assertThat(rtt.srttNs()).isEqualTo(100 * MS);
        assertThat(rtt.rttvarNs()).isEqualTo(50 * MS);

        rtt.onSample(180 * MS, 0);
        assertThat(rtt.rttvarNs()).isEqualTo(57_500_000);
        assertThat(rtt.srttNs()).isEqualTo(110 * MS);
        assertThat(rtt.timeoutNs()).isEqualTo(340 * MS);
    }

    @Test
    void knowsNothingBeforeTheFirstRoundTrip() {
        assertThat(rtt.hasSample()).isFalse();
        assertThat(rtt.srttNs()).as("RFC 9002, section 6.2.2").isEqualTo(333 * MS);
    }

    @Test
    void aSteadyPathStillHasTimeToAnswer() {
        for (int i = 0; i < 200; i++) {
            rtt.onSample(20 * MS, i);
        }

        assertThat(rtt.timeoutNs()).as("RFC 9002, section 6.1.2").isBetween(21 * MS, 22 * MS);
    }

    @Test
    void aRoundTripIsNeverNegative() {
        rtt.onSample(-5 * MS, 0);

        assertThat(rtt.srttNs()).isPositive();
        assertThat(rtt.minNs()).isPositive();
    }

    @Test
    void forgetsTheLeastRoundTripOfAnotherRoute() {
        rtt.onSample(10 * MS, 0);
        rtt.onSample(50 * MS, 1_000 * MS);
        assertThat(rtt.minNs()).isEqualTo(10 * MS);

        rtt.onSample(50 * MS, 12_000 * MS);
        assertThat(rtt.minNs()).isEqualTo(50 * MS);
    }

    @Test
    void aPathIsLossyUntilItLosesClearlyLess() {
        loss.onAcknowledged(1_000);
        assertThat(loss.isLossy()).isFalse();
        loss.onLost(9);
        assertThat(loss.isLossy()).as("0.9 %").isFalse();
        loss.onLost(2);
        assertThat(loss.isLossy()).as("1.1 %").isTrue();
        loss.onAcknowledged(400);
        assertThat(loss.isLossy()).as("0.66 %").isTrue();
        loss.onAcknowledged(400);
        assertThat(loss.isLossy()).as("0.4 %").isFalse();
    }

    @Seeded
    void findsTheShareThatIsLost(RandomGenerator random) {
        double share = random.nextDouble() * 0.3;
        for (int i = 0; i < 2_000; i++) {
            int lost = 0;
            for (int message = 0; message < 10; message++) {
                lost += random.nextDouble() < share ? 1 : 0;
            }
            loss.onAcknowledged(10 - lost);
            loss.onLost(lost);
        }

        assertThat(loss.ratio()).isCloseTo(share, within(0.06)).isBetween(0.0, 1.0);
        assertThat(loss.roundRatio()).isCloseTo(share, within(0.02));
    }

    @Test
    void aRoundOfAFewMessagesProvesNothing() {
        loss.onLost(19);
        assertThat(loss.roundRatio()).isZero();

        loss.onLost(1);
        assertThat(loss.roundRatio()).isEqualTo(1);

        loss.startRound();
        assertThat(loss.roundRatio()).isZero();
    }

    @Seeded
    void seesAQueueWhateverTheClocks(RandomGenerator random) {
        long distanceNs = random.nextLong(-1_000_000_000_000L, 1_000_000_000_000L);
        long nowNs = 0;
        for (int i = 0; i < 50; i++) {
            nowNs += 10 * MS;
            queue.onSample(distanceNs + 20 * MS + random.nextLong(3 * MS), nowNs);
        }
        assertThat(queue.queueNs()).isBetween(0L, 3 * MS);

        for (int i = 0; i < 20; i++) {
            nowNs += 10 * MS;
            queue.onSample(distanceNs + 60 * MS, nowNs);
        }
        assertThat(queue.queueNs()).isBetween(37 * MS, 40 * MS);
    }

    /// protocol.md 2, lesson 3.
    @Test
    void aPeakIsNoQueue() {
        for (int i = 0; i < 100; i++) {
            queue.onSample(i % 5 == 0 ? 20 * MS : 80 * MS, i * 10L * MS);
        }

        assertThat(queue.queueNs()).isZero();
        assertThat(queue.latestQueueNs()).isEqualTo(60 * MS);
    }

    @Test
    void aLongerRouteIsNoQueueForEver() {
        queue.onSample(20 * MS, 0);
        long nowNs = 0;
        for (int i = 0; i < 200; i++) {
            nowNs += 100 * MS;
            queue.onSample(70 * MS, nowNs);
        }

        assertThat(queue.queueNs()).isZero();
    }
}
