package io.onebox.agent.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SamplesTest {

    private final Samples samples = new Samples();

    @Test
    void keepsAQuarterOfAnHour() {
        for (int second = 0; second < Samples.CAPACITY + 10; second++) {
            samples.add(Readings.clientSample(second));
        }

        assertThat(samples.last(Duration.ofDays(1)))
                .hasSize(Samples.CAPACITY)
                .first()
                .isEqualTo(Readings.clientSample(10));
        assertThat(samples.latest()).contains(Readings.clientSample(Samples.CAPACITY + 9));
    }

    @Test
    void findsTheSampleASecondBefore() {
        for (int second = 0; second < 5; second++) {
            samples.add(Readings.clientSample(second));
        }

        assertThat(samples.before(Readings.clientSample(4), Duration.ofSeconds(1)))
                .contains(Readings.clientSample(3));
        assertThat(samples.before(Readings.clientSample(0), Duration.ofSeconds(1)))
                .isEmpty();
    }

    @Test
    void hasNothingAtFirst() {
        assertThat(samples.latest()).isEmpty();
        assertThat(samples.last(Duration.ofSeconds(5))).isEmpty();
    }
}
