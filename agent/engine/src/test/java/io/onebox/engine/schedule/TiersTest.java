package io.onebox.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.path.BondingMode;
import io.onebox.engine.path.LinkRole;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.Paths;
import io.onebox.engine.path.TestPaths;
import org.junit.jupiter.api.Test;

class TiersTest {

    private static final long MS = 1_000_000;

    private final TestPaths source = new TestPaths();
    private final Paths paths = new Paths();
    private final Tiers tiers = new Tiers();
    private long nowNs = 10 * MS;

    private Path add(int id, LinkRole role, boolean metered) {
        Path path = source.usable(id, 10 * MS, MS);
        path.use().local(new LinkSettings(role, metered, 0, 0, false));
        path.rate().learn(1_000_000, true);
        paths.add(path);
        return path;
    }

    private int afterLooks(int looks, boolean waits) {
        for (int i = 0; i < looks; i++) {
            nowNs += 50 * MS;
            tiers.review(paths, waits, nowNs);
        }
        return tiers.open();
    }

    @Test
    void theNextTierOpensWhenPacketsWaitForAWhileAndShutsWhenTheyDoNot() {
        add(0, LinkRole.ALWAYS, false);
        add(1, LinkRole.SECONDARY, false);
        add(2, LinkRole.BACKUP, false);

        assertThat(afterLooks(2, true)).as("a burst").isZero();
        assertThat(afterLooks(1, false)).isZero();
        assertThat(afterLooks(3, true)).isEqualTo(LinkRole.SECONDARY.ordinal());
        assertThat(afterLooks(3, true)).as("a backup is none").isEqualTo(LinkRole.SECONDARY.ordinal());
        assertThat(afterLooks(20, false)).as("held").isEqualTo(LinkRole.SECONDARY.ordinal());
        assertThat(afterLooks(40, false)).isZero();
    }

    @Test
    void aPathThatDoesNotKnowItsCapacityIsNotFull() {
        paths.add(source.usable(0, 10 * MS, MS));

        assertThat(afterLooks(100, true)).isZero();
    }

    @Test
    void theNextTierOpensAtOnceWhenTheCheaperOneIsGone() {
        Path main = add(0, LinkRole.ALWAYS, false);
        add(1, LinkRole.BACKUP, false);
        assertThat(afterLooks(1, false)).isZero();

        main.life().suspect("overdue", nowNs);

        tiers.review(paths, false, nowNs);
        assertThat(tiers.open()).isEqualTo(LinkRole.BACKUP.ordinal());
    }

    @Test
    void aMeteredLinkIsDearInCostAwareModeOnly() {
        Path metered = add(0, LinkRole.ALWAYS, true);
        assertThat(metered.use().tier()).isEqualTo(LinkRole.ALWAYS);

        metered.use().mode(BondingMode.COST_AWARE);
        assertThat(metered.use().tier()).isEqualTo(LinkRole.SECONDARY);
    }
}
