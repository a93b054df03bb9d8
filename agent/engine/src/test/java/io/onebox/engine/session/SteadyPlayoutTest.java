package io.onebox.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.path.Path;
import io.onebox.engine.path.Paths;
import io.onebox.engine.path.TestPaths;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SteadyPlayoutTest {

    private static final long MS = 1_000_000;
    private static final long MARGIN_NS = 1_500_000;

    private final TestPaths factory = new TestPaths();
    private final Path early = factory.usable(0, 10 * MS, 0);
    private final Path late = factory.usable(1, 40 * MS, 0);
    private final Paths paths = new Paths();
    private final SteadyPlayout playout = new SteadyPlayout();

    @BeforeEach
    void bothCarryAStream() {
        paths.add(early);
        paths.add(late);
    }

    private long waitNs(Path path, long oneWayNs, long nowNs) {
        path.arrivals().onMessage(nowNs);
        path.arrivals().onOneWay(oneWayNs, nowNs);
        return playout.dueNs(oneWayNs, paths, nowNs) - nowNs;
    }

    @Test
    void aFirstCopyWaitsUntilItsLateCopyWouldHaveCome() {
        waitNs(late, 40 * MS, 0);

        assertThat(waitNs(early, 10 * MS, 0)).isEqualTo(MARGIN_NS);
    }

    @Test
    void aCopyOfTheLaterPathDoesNotWait() {
        waitNs(early, 10 * MS, 0);

        assertThat(waitNs(late, 40 * MS, 0)).isZero();
    }

    @Test
    void delaysThatWanderComeOutAlike() {
        long[] delays = {10 * MS, 11 * MS, 10 * MS, 12 * MS, 11 * MS, 10 * MS};
        long nowNs = 0;
        for (int i = 0; i < 100; i++) {
            waitNs(early, delays[i % delays.length], nowNs += 3 * MS);
        }
        long first = 0;
        for (long delayNs : delays) {
            long totalNs = delayNs + waitNs(early, delayNs, nowNs += 3 * MS);
            first = first == 0 ? totalNs : first;
            assertThat(totalNs).isBetween(first - MS / 2, first + MS / 2);
        }
    }

    @Test
    void aPathThatFellSilentIsNotWaitedFor() {
        waitNs(early, 10 * MS, 0);

        assertThat(waitNs(late, 40 * MS, 600 * MS)).isEqualTo(MARGIN_NS);
    }

    @Test
    void nobodyWaitsLong() {
        for (long i = 0; i < 50; i++) {
            assertThat(waitNs(early, i % 2 * 200 * MS, i * 3 * MS)).isBetween(0L, 20 * MS);
        }
    }

    @Test
    void anotherClockIsAnotherBeginning() {
        waitNs(early, 10 * MS, 0);
        early.arrivals().restart();
        late.arrivals().restart();
        playout.restart();

        assertThat(waitNs(early, -3_000 * MS, 3 * MS)).isEqualTo(MARGIN_NS);
    }
}
