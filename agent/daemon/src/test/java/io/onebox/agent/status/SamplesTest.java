package io.onebox.agent.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.stats.SessionSnapshot;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
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

    /// Samples of 500 clients are large: a quarter of an hour of them would be 200 MB.
    @Test
    void keepsLessWhenThereAreManySessions() {
        Sample sample = Readings.serverSample(0);
        List<SessionSnapshot> crowd = Collections.nCopies(500, sample.sessions().getFirst());
        for (int second = 0; second < Samples.CAPACITY; second++) {
            samples.add(new Sample(sample.time(), second, true, crowd, Drops.NONE, List.of()));
        }

        assertThat(samples.last(Duration.ofDays(1))).hasSize(18);
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
