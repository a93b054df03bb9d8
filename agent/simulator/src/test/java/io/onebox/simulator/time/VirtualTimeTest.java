package io.onebox.simulator.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.Seeded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {

    private final VirtualTime time = new VirtualTime();
    private final List<Long> happened = new ArrayList<>();

    @Seeded
    void runsEventsInTheOrderOfTheirTimesAndThenOfScheduling(RandomGenerator random) {
        record Planned(long atNs, int order) {}
        List<Planned> planned = new ArrayList<>();
        List<Planned> run = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            var event = new Planned(random.nextInt(100), i);
            planned.add(event);
            time.schedule(event.atNs(), () -> run.add(event));
        }

        time.runUntil(100);

        planned.sort(Comparator.comparingLong(Planned::atNs).thenComparingInt(Planned::order));
        assertThat(run).isEqualTo(planned);
    }

    @Test
    void standsStillAtTheEnd() {
        time.schedule(30, () -> happened.add(time.nowNs()));

        time.runUntil(20);

        assertThat(happened).isEmpty();
        assertThat(time.nowNs()).isEqualTo(20);
    }

    @Test
    void anAlarmRingsOnceAtTheTimeItWasSetToLast() {
        var alarm = new Alarm(time, () -> happened.add(time.nowNs()));

        alarm.set(50);
        alarm.set(10);
        time.schedule(5, () -> alarm.set(70));
        time.runUntil(1_000);

        assertThat(happened).containsExactly(70L);
        assertThat(alarm.isSet()).isFalse();
    }

    @Test
    void anAlarmCanBeCancelledAndSetAgain() {
        var alarm = new Alarm(time, () -> happened.add(time.nowNs()));

        alarm.set(10);
        alarm.cancel();
        time.schedule(20, () -> alarm.set(30));
        time.runUntil(100);

        assertThat(happened).containsExactly(30L);
    }
}
