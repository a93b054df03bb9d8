package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PingReportTest {

    private static final String OUTPUT = """
            [1785000000.10000] 198.19.0.80 : [0], 64 bytes, 20.5 ms (20.5 avg, 0% loss)
            198.19.0.80 : duplicate for [0], 64 bytes, 99.5 ms
            [1785000000.25000] 198.19.0.80 : [2], 64 bytes, 120 ms (70.2 avg, 33% loss)
            [1785000002.05000] 198.19.0.80 : [1], timed out (70.2 avg, 33% loss)

            198.19.0.80 : xmt/rcv/%loss = 3/2/33%, min/avg/max = 20.5/70.2/120
            """;

    @Test
    void countsAnAnswerThatCameTwiceOnce() {
        PingReport report = PingReport.parse(OUTPUT);

        assertThat(report.sent()).isEqualTo(3);
        assertThat(report.lost()).isEqualTo(1);
        assertThat(report.rttsMs()).containsExactly(20.5, 120.0);
        assertThat(report.maxMs()).isEqualTo(120);
        assertThat(report.meanMs()).isEqualTo(70.25);
    }

    @Test
    void tellsWhenAnswersCame() {
        List<Double> times = PingReport.times(OUTPUT);

        assertThat(times).hasSize(2);
        assertThat(times.getLast() - times.getFirst()).isCloseTo(0.15, within(1e-6));
    }

    @Test
    void anErrorIsNoReport() {
        assertThatThrownBy(() -> PingReport.parse("fping: unknown host")).hasMessageContaining("unknown host");
    }
}
