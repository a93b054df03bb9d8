package io.onebox.engine.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PacerTest {

    private static final long MS = 1_000_000;

    private final Pacer pacer = new Pacer();

    @Test
    void theFirstMessageLeavesAtOnce() {
        assertThat(pacer.waitNs(5 * MS)).isZero();
        assertThat(pacer.backlogNs(5 * MS)).isZero();
    }

    @Test
    void aMessageWaitsForTheOnesBeforeIt() {
        for (int i = 0; i < 10; i++) {
            pacer.onSend(1_500, 1_500_000, 1_000 * MS);
        }

        assertThat(pacer.backlogNs(1_000 * MS)).isBetween(8 * MS, 10 * MS);
        assertThat(pacer.waitNs(1_000 * MS)).isPositive();
        assertThat(pacer.waitNs(pacer.readyNs() - MS)).isPositive();
        assertThat(pacer.waitNs(pacer.readyNs())).isZero();
    }

    @Test
    void oneWakeUpServesSeveral() {
        pacer.onSend(1_500, 15_000_000, MS);
        long wakeUpNs = pacer.readyNs();
        int served = 0;
        while (pacer.waitNs(wakeUpNs) == 0) {
            pacer.onSend(1_500, 15_000_000, wakeUpNs);
            served++;
        }

        assertThat(served).as("0.3 ms, of 0.1 ms each, and one").isEqualTo(4);
    }

    /// Over any time the pace is kept, except for a burst that is bounded, whenever the sender wakes up.
    @Seeded
    void keepsThePaceHoweverLateItsCallerIs(RandomGenerator random) {
        long rate = random.nextLong(100_000, 20_000_000);
        long nowNs = 1_000 * MS;
        long startNs = nowNs;
        long sent = 0;
        while (nowNs < startNs + 2_000 * MS) {
            while (pacer.waitNs(nowNs) == 0) {
                pacer.onSend(1_500, rate, nowNs);
                sent += 1_500;
            }
            nowNs = Math.max(pacer.readyNs(), nowNs) + random.nextLong(MS);
        }

        double seconds = (nowNs - startNs) / 1e9;
        assertThat((double) sent).isCloseTo(rate * seconds, within(rate * 0.003 + 3_000));
    }

    @Test
    void whatWasNotSentInAPauseIsNotCaughtUp() {
        pacer.onSend(1_500, 1_500_000, MS);
        long nowNs = 10_000 * MS;
        int burst = 0;
        while (pacer.waitNs(nowNs) == 0) {
            pacer.onSend(1_500, 1_500_000, nowNs);
            burst++;
        }

        assertThat(burst).isLessThanOrEqualTo(3);
    }
}
