package io.onebox.engine.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MtuSearchTest {

    private static final long PATIENCE_NS = 200_000_000;

    private final MtuSearch search = new MtuSearch();
    private long nowNs = 1_000_000_000;

    @Test
    void knowsAUsualPathAfterOneAnswer() {
        assertThat(search.isKnown()).isFalse();
        assertThat(due(PathState.VALIDATING)).startsWith(1_500, 1_492).endsWith(1_280);

        search.onAnswer(1_500, nowNs);

        assertThat(search.mtuBytes()).isEqualTo(1_500);
        assertThat(search.dueNs(PathState.USABLE)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void obeysASmallerInterfaceAtOnce() {
        passing(1_500);

        search.limit(1_420);

        assertThat(search.mtuBytes()).isEqualTo(1_420);
    }

    @Test
    void becomesNarrowWhenLargePacketsAloneAreLost() {
        passing(1_500);

        lose(1_500, 3);
        passing(1_400);

        assertThat(search.mtuBytes()).isEqualTo(1_400);
    }

    /// Doubts come with every burst of losses, and a ladder is 14 kB.
    @Test
    void asksLittleInDoubt() {
        passing(1_500);

        lose(1_500, 3);

        assertThat(due(PathState.USABLE)).containsExactly(1_500, 1_280);
    }

    @Test
    void triesLargerOnesAtOnceInAnotherNetwork() {
        passing(1_400);

        search.onPathChanged();

        assertThat(search.mtuBytes()).isEqualTo(1_400);
        assertThat(due(PathState.USABLE)).startsWith(1_500).endsWith(1_420);
    }

    @Test
    void isNotMovedByTheLossOfSmallPackets() {
        passing(1_500);

        lose(200, 100);

        assertThat(due(PathState.USABLE)).isEmpty();
    }

    @Test
    void trustsASizeThatArrivesBetweenLosses() {
        passing(1_500);

        lose(1_500, 2);
        search.onAcknowledged(1_500);
        lose(1_500, 2);

        assertThat(due(PathState.USABLE)).isEmpty();
    }

    /// All probes lost as well: the path is dead, and what it carries afterwards is what it carried before.
    @Test
    void keepsItsSizeWhileNothingArrivesAtAll() {
        passing(1_500);

        lose(1_500, 3);
        passing(0);

        assertThat(search.mtuBytes()).isEqualTo(1_500);
    }

    @Test
    void triesLargerOnesAfterAMinute() {
        passing(1_400);
        assertThat(search.mtuBytes()).isEqualTo(1_400);

        nowNs += 61_000_000_000L;
        passing(1_500);

        assertThat(search.mtuBytes()).isEqualTo(1_500);
    }

    /// Bad weather can look like a narrow path: large packets happen to be lost and a small one to arrive.
    @Test
    void triesSoonWhatPassedBefore() {
        passing(1_500);
        lose(1_500, 3);
        passing(1_280);
        assertThat(search.mtuBytes()).isLessThan(1_300);

        nowNs += 4_000_000_000L;
        passing(1_500);

        assertThat(search.mtuBytes()).isEqualTo(1_500);
    }

    /// Lets the search run over a path that carries packets of `mtuBytes`, and nothing if it is 0.
    private void passing(int mtuBytes) {
        for (int step = 0; step < 40; step++) {
            due(PathState.USABLE).stream()
                    .filter(size -> size <= mtuBytes)
                    .forEach(size -> search.onAnswer(size, nowNs));
            nowNs += PATIENCE_NS / 2;
        }
    }

    private void lose(int bytes, int times) {
        nowNs += 2_000_000_000;
        for (int i = 0; i < times; i++) {
            search.onLost(bytes);
        }
    }

    private List<Integer> due(PathState state) {
        List<Integer> sizes = new ArrayList<>();
        for (int size = search.nextProbe(state, PATIENCE_NS, nowNs);
                size > 0;
                size = search.nextProbe(state, PATIENCE_NS, nowNs)) {
            sizes.add(size);
        }
        return sizes;
    }
}
