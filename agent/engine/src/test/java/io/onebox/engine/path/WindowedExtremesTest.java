package io.onebox.engine.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// [WindowedMax] and [WindowedMin].
class WindowedExtremesTest {

    private static final long WINDOW_NS = 8_000;

    private record Sample(long value, long atNs) {}

    @Test
    void nothingIsTheExtremeOfNothing() {
        assertThat(new WindowedMax(WINDOW_NS).max(5)).isEqualTo(WindowedMax.NONE);
        assertThat(new WindowedMin(WINDOW_NS).min(5)).isEqualTo(WindowedMin.NONE);
    }

    /// Everything younger than 7/8 of the window counts, nothing older than the window does.
    @Seeded(runs = 300)
    void liesBetweenWhatMustAndWhatMayBeRemembered(RandomGenerator random) {
        var max = new WindowedMax(WINDOW_NS);
        var min = new WindowedMin(WINDOW_NS);
        List<Sample> samples = new ArrayList<>();
        long nowNs = random.nextLong(1_000_000);
        for (int i = 0; i < 200; i++) {
            nowNs += random.nextInt(10) == 0 ? random.nextLong(3 * WINDOW_NS) : random.nextLong(WINDOW_NS / 8);
            long value = random.nextLong(-1_000, 1_000);
            samples.add(new Sample(value, nowNs));
            max.add(value, nowNs);
            min.add(value, nowNs);

            assertThat(max.max(nowNs)).isBetween(max(samples, nowNs, 7), max(samples, nowNs, 8));
            assertThat(min.min(nowNs)).isBetween(min(samples, nowNs, 8), min(samples, nowNs, 7));
        }
    }

    private static long max(List<Sample> samples, long nowNs, int eighths) {
        return samples.stream()
                .filter(sample -> nowNs - sample.atNs < WINDOW_NS * eighths / 8)
                .mapToLong(Sample::value)
                .max()
                .orElse(WindowedMax.NONE);
    }

    private static long min(List<Sample> samples, long nowNs, int eighths) {
        return samples.stream()
                .filter(sample -> nowNs - sample.atNs < WINDOW_NS * eighths / 8)
                .mapToLong(Sample::value)
                .min()
                .orElse(WindowedMin.NONE);
    }

    @Test
    void resettingForgetsEverythingElse() {
        var max = new WindowedMax(WINDOW_NS);
        max.add(100, 0);

        max.reset(7, 10);

        assertThat(max.max(10)).isEqualTo(7);
        assertThat(max.max(10 + 2 * WINDOW_NS)).isEqualTo(WindowedMax.NONE);
    }

    @Test
    void aWiderWindowKeepsWhatItKnows() {
        var max = new WindowedMax(WINDOW_NS);
        max.add(100, 0);

        max.window(10 * WINDOW_NS, 5);

        assertThat(max.max(5 * WINDOW_NS)).isEqualTo(100);
    }
}
