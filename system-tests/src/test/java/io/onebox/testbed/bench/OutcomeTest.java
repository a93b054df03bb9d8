package io.onebox.testbed.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onebox.simulator.link.DeliveryTrace;
import io.onebox.simulator.link.RadioTrace;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The arithmetic between what the tools print and what the table says.
class OutcomeTest {

    @Test
    void theMedianIsTheMiddleOne() {
        assertThat(Statistics.median(List.of(3.0, 100.0, 1.0))).isEqualTo(3);
        assertThat(Statistics.median(List.of(4.0, 1.0))).isEqualTo(2.5);
        assertThatThrownBy(() -> Statistics.median(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPercentileIsAValueThatWasSeen() {
        List<Double> twenty =
                IntStream.rangeClosed(1, 20).mapToObj(i -> (double) i).toList();

        assertThat(Statistics.percentile(twenty, 0.95)).isEqualTo(19);
        assertThat(Statistics.percentile(twenty, 1)).isEqualTo(20);
        assertThat(Statistics.percentile(List.of(7.0), 0.95)).isEqualTo(7);
    }

    @Test
    void aShareIsOfTheSumOfTheLinksAlone() {
        Goal goal = Goal.share(0.91, 66.9);

        assertThat(goal.needed()).isCloseTo(60.879, within(1e-9));
        assertThat(goal.percent(60.21)).isCloseTo(90, within(1e-9));
        assertThat(goal.isReachedBy(60.88)).isTrue();
        assertThat(goal.isReachedBy(60.87)).isFalse();
        assertThat(Goal.atMost(0, "pings").isReachedBy(0)).isTrue();
        assertThat(Goal.atMost(0, "pings").isReachedBy(1)).isFalse();
    }

    @Test
    void theBusiestRunMarksTheLine() {
        var outcome = new Outcome(
                "a",
                "cubic up",
                Goal.share(0.91, 66.9),
                List.of(new Sample(60, 0.5, 0), new Sample(62, 0.04, 0.01), new Sample(63, 0.6, 0)),
                List.of(47.8, 19.1),
                Map.of("mptcp", 65.8));

        assertThat(outcome.measured()).isEqualTo(62);
        assertThat(outcome.isMachineBusy()).isTrue();
        assertThat(outcome.line()).contains("47.8 + 19.1 = 66.9", "92.7%", ">= 91.0%", "ok", "4%*", "mptcp 65.8");
        assertThat(outcome.json().getDouble("percent")).isCloseTo(92.68, within(0.01));
    }

    @Test
    void idleAndStolenTimeAreSharesOfAllTime() {
        CpuTime before = CpuTime.parse("cpu  100 0 100 1000 0 0 0 0 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
        CpuTime after = CpuTime.parse("cpu  150 0 120 1020 5 0 0 5 0 0\n");

        assertThat(after.idleShare(before)).isEqualTo(0.25);
        assertThat(after.stolenShare(before)).isEqualTo(0.05);
    }

    @Test
    void theRadioTraceCarriesItsMean() {
        int periodMs = 8000;
        double mean = RadioTrace.meanMegabitsPerSecond(periodMs);

        assertThat(mean).isBetween(25.0, 40.0);
        assertThat(DeliveryTrace.parse(RadioTrace.lines(periodMs)).bytesPerSecond() * 8 / 1e6)
                .isCloseTo(mean, within(0.01 * mean));
        for (int ms = 0; ms < periodMs; ms++) {
            assertThat(RadioTrace.megabitsPerSecond(ms, periodMs)).isBetween(5.0, 60.0);
        }
    }

    @Test
    void thePlanKnowsItsOptions() {
        Plan plan = Plan.parse(List.of("--quick", "--row", "a,e2", "--system", "bbr", "--direction", "down"));

        assertThat(plan.pace()).isEqualTo(Pace.QUICK);
        assertThat(plan.rows()).containsExactly("a", "e2");
        assertThat(plan.flows(8)).containsExactly(new Flow("bbr", Direction.DOWN, 8));
        assertThat(Plan.parse(List.of()).flows(1)).hasSize(4);
        assertThatThrownBy(() -> Plan.parse(List.of("--system", "reno")))
                .hasMessage("--system reno: say one of cubic, bbr");
        assertThatThrownBy(() -> Plan.parse(List.of("--row"))).hasMessage("--row wants a value");
    }
}
