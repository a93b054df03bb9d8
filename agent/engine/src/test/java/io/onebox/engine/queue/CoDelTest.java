package io.onebox.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The times are those of RFC 8289, section 5: the first drop after an interval above the target, the
/// next after `interval / sqrt(count)`.
class CoDelTest {

    private static final long MS = 1_000_000;
    private static final long TARGET_NS = 5 * MS;
    private static final long INTERVAL_NS = 100 * MS;
    private static final long START_NS = 1_000 * MS;

    private final CoDel codel = new CoDel();

    private boolean due(long sojournNs, long nowNs) {
        return codel.isDue(sojournNs, false, TARGET_NS, INTERVAL_NS, nowNs);
    }

    private long firstDropAfter(long fromNs) {
        long nowNs = fromNs;
        while (!due(20 * MS, nowNs)) {
            nowNs += MS / 4;
        }
        return nowNs;
    }

    @Test
    void leavesAShortQueueAlone() {
        for (long nowNs = START_NS; nowNs < START_NS + 1_000 * MS; nowNs += MS) {
            assertThat(due(TARGET_NS - 1, nowNs)).isFalse();
        }
    }

    @Test
    void toleratesABurstThatIsGoneWithinTheInterval() {
        for (int burst = 0; burst < 10; burst++) {
            long startNs = START_NS + burst * INTERVAL_NS;
            for (long nowNs = startNs; nowNs < startNs + 99 * MS; nowNs += MS) {
                assertThat(due(50 * MS, nowNs)).isFalse();
            }
            assertThat(due(0, startNs + 99 * MS)).isFalse();
        }
    }

    @Test
    void dropsFirstWhenAnIntervalPassedAboveTheTarget() {
        assertThat(firstDropAfter(START_NS)).isEqualTo(START_NS + INTERVAL_NS);
    }

    @Test
    void dropsFasterTheLongerTheQueueStands() {
        long first = firstDropAfter(START_NS);
        long second = firstDropAfter(first + 1);
        long third = firstDropAfter(second + 1);
        long fourth = firstDropAfter(third + 1);

        assertThat(second - first).isBetween(INTERVAL_NS, INTERVAL_NS + MS);
        assertThat(third - second)
                .isBetween((long) (INTERVAL_NS / Math.sqrt(2)) - MS, (long) (INTERVAL_NS / Math.sqrt(2)) + MS);
        assertThat(fourth - third)
                .isBetween((long) (INTERVAL_NS / Math.sqrt(3)) - MS, (long) (INTERVAL_NS / Math.sqrt(3)) + MS);
    }

    @Test
    void stopsAtOnceWhenTheQueueIsShort() {
        long first = firstDropAfter(START_NS);

        assertThat(due(0, first + 1)).isFalse();
        assertThat(due(20 * MS, first + 2)).isFalse();
        assertThat(firstDropAfter(first + 2)).isGreaterThanOrEqualTo(first + 2 + INTERVAL_NS);
    }

    @Test
    void neverDropsTheLastPacket() {
        for (long nowNs = START_NS; nowNs < START_NS + 1_000 * MS; nowNs += MS) {
            assertThat(codel.isDue(500 * MS, true, TARGET_NS, INTERVAL_NS, nowNs))
                    .isFalse();
        }
    }

    /// RFC 8289, section 5.4: a queue that comes back soon is met with the rate that was needed before.
    @Test
    void remembersHowHardItHadToTry() {
        long nowNs = START_NS;
        for (int drop = 0; drop < 20; drop++) {
            nowNs = firstDropAfter(nowNs) + 1;
        }
        due(0, nowNs);
        long again = firstDropAfter(nowNs + 1);

        long next = firstDropAfter(again + 1);

        assertThat(next - again).isLessThan(INTERVAL_NS / 3);
    }
}
