package io.onebox.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.path.BondingMode;
import io.onebox.engine.path.LinkRole;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.Paths;
import io.onebox.engine.path.TestPaths;
import org.junit.jupiter.api.Test;

class EligibilityTest {

    private static final long MS = 1_000_000;

    private final TestPaths source = new TestPaths();
    private final Paths paths = new Paths();
    private final Eligibility eligibility = new Eligibility();

    private Path add(int id, long oneWayNs, LinkRole role) {
        Path path = source.usable(id, oneWayNs, MS);
        path.use().local(new LinkSettings(role, false, 0, 0, false));
        paths.add(path);
        return path;
    }

    private void review(long nowNs) {
        eligibility.invalidate();
        eligibility.review(paths, false, nowNs);
    }

    @Test
    void everyUsablePathIsOpenAndNoOther() {
        add(0, 10 * MS, LinkRole.ALWAYS);
        paths.add(source.path(1));
        add(2, 10 * MS, LinkRole.NEVER);
        Path paused = add(3, 10 * MS, LinkRole.ALWAYS);
        paused.use().local(new LinkSettings(LinkRole.ALWAYS, false, 0, 0, true));

        review(10 * MS);

        assertThat(eligibility.isOpen(0)).isTrue();
        assertThat(eligibility.isOpen(1)).as("not validated").isFalse();
        assertThat(eligibility.isOpen(2)).as("role never").isFalse();
        assertThat(eligibility.isOpen(3)).as("paused").isFalse();
        assertThat(eligibility.openCount()).isEqualTo(1);
    }

    @Test
    void leavesOutAPathThatIsMuchLater() {
        add(0, 10 * MS, LinkRole.ALWAYS);
        add(1, 200 * MS, LinkRole.ALWAYS);
        add(2, 300 * MS, LinkRole.ALWAYS);

        review(10 * MS);

        assertThat(eligibility.isOpen(1)).isTrue();
        assertThat(eligibility.isOpen(2)).isFalse();
    }

    @Test
    void aBackupStaysShutWhileABetterLinkIsThere() {
        Path main = add(0, 10 * MS, LinkRole.ALWAYS);
        add(1, 10 * MS, LinkRole.BACKUP);
        review(10 * MS);
        assertThat(eligibility.isOpen(1)).isFalse();

        main.life().suspect("overdue", 20 * MS);
        review(20 * MS);
        assertThat(eligibility.isOpen(0)).isFalse();
        assertThat(eligibility.isOpen(1)).isTrue();
    }

    @Test
    void inRedundantModeTheFastestAloneIsOpen() {
        Path slow = add(0, 10 * MS, LinkRole.ALWAYS);
        Path fast = add(1, 40 * MS, LinkRole.ALWAYS);
        slow.rate().learn(1_000_000, true);
        fast.rate().learn(2_000_000, true);
        slow.use().mode(BondingMode.REDUNDANT);

        review(10 * MS);
        assertThat(eligibility.mode()).isEqualTo(BondingMode.REDUNDANT);
        assertThat(eligibility.isOpen(0)).isFalse();
        assertThat(eligibility.isOpen(1)).isTrue();

        fast.rate().learn(900_000, true);
        review(20 * MS);
        assertThat(eligibility.isOpen(1)).as("not clearly slower").isTrue();

        fast.life().suspect("overdue", 30 * MS);
        review(30 * MS);
        assertThat(eligibility.isOpen(0)).isTrue();
    }
}
