package io.onebox.engine.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.wire.ControlFrame.PathUse;
import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// [PathLife], [PathState] and [PathUseState].
class PathLifeTest {

    private static final long MS = 1_000_000;

    private final RttEstimator rtt = new RttEstimator();
    private final PathLife life = new PathLife(rtt);
    private final PathUseState use = new PathUseState();

    private void down() {
        life.onAnswer(0);
        life.suspect("overdue", 0);
        for (int i = 0; i < 4; i++) {
            life.onProbe(i * 100L * MS);
        }
        assertThat(life.state()).isEqualTo(PathState.DOWN);
    }

    @Test
    void oneAnswerMakesANewPathUsable() {
        assertThat(life.state()).isEqualTo(PathState.VALIDATING);

        life.onAnswer(0);
        assertThat(life.state()).isEqualTo(PathState.USABLE);
    }

    @Test
    void anAcknowledgementEndsASuspicion() {
        life.onAnswer(0);
        assertThat(life.suspect("overdue", MS)).isTrue();
        assertThat(life.suspect("overdue", MS)).as("twice").isFalse();
        assertThat(life.state()).isEqualTo(PathState.SUSPECT);

        life.onProof(2 * MS);
        assertThat(life.state()).isEqualTo(PathState.USABLE);
    }

    @Test
    void threeUnansweredProbesBringASuspectDownAndNotTwo() {
        life.onAnswer(0);
        life.suspect("overdue", 0);
        life.onProbe(0);
        life.onProbe(100 * MS);
        life.onProbe(200 * MS);
        assertThat(life.state()).isEqualTo(PathState.SUSPECT);

        life.onProbe(300 * MS);
        assertThat(life.state()).isEqualTo(PathState.DOWN);
    }

    @Test
    void aPathThatWasDownHasToAnswerThreeTimes() {
        down();

        life.onProof(500 * MS);
        assertThat(life.state()).as("an old acknowledgement").isEqualTo(PathState.DOWN);
        life.onAnswer(500 * MS);
        life.onAnswer(600 * MS);
        assertThat(life.state()).isEqualTo(PathState.DOWN);
        life.onAnswer(700 * MS);
        assertThat(life.state()).isEqualTo(PathState.USABLE);
    }

    @Test
    void answersWithSilenceBetweenThemDoNotAddUp() {
        down();
        for (int i = 0; i < 10; i++) {
            life.onAnswer(i * 1_000L * MS);
            life.onProbe(i * 1_000L * MS + 1);
            life.onProbe(i * 1_000L * MS + 2);
        }

        assertThat(life.state()).isEqualTo(PathState.DOWN);
    }

    @Test
    void aLinkThatIsGoneTakesItsPathDownAndAsksNothing() {
        life.onAnswer(0);
        life.onLinkGone(MS);
        assertThat(life.state()).isEqualTo(PathState.DOWN);
        assertThat(life.probeDueNs(true, false)).isEqualTo(Long.MAX_VALUE);

        life.onLinkPresent(2 * MS);
        assertThat(life.probeDueNs(true, false)).isLessThanOrEqualTo(1_000 * MS);
    }

    @Test
    void nothingBringsAClosedPathBack() {
        life.onAnswer(0);
        life.close("session closed");
        life.onAnswer(1);
        life.onProof(1);
        life.onPlainPeer(1);
        life.onLinkGone(1);
        life.onLinkPresent(1);

        assertThat(life.suspect("overdue", 1)).isFalse();
        assertThat(life.state()).isEqualTo(PathState.CLOSED);
        assertThat(life.probeDueNs(true, false)).as("never probed").isGreaterThan(1_000_000 * MS);
    }

    @Test
    void patienceWithAcknowledgementsFollowsTheRoundTrip() {
        life.onAnswer(0);
        assertThat(life.overdueNs(Long.MAX_VALUE)).as("nothing in flight").isEqualTo(Long.MAX_VALUE);
        for (int i = 0; i < 100; i++) {
            rtt.onSample(5 * MS, i);
        }
        assertThat(life.overdueNs(1_000 * MS)).isEqualTo(1_040 * MS);
        for (int i = 0; i < 100; i++) {
            rtt.onSample(600 * MS, i);
        }
        assertThat(life.overdueNs(1_000 * MS)).isGreaterThan(1_600 * MS);
    }

    /// Whatever happens in whatever order, only drawn transitions happen: [PathLife] asserts them.
    @Seeded(runs = 300)
    void anyStoryFollowsTheDiagram(RandomGenerator random) {
        long nowNs = 0;
        for (int i = 0; i < 200; i++) {
            nowNs += random.nextLong(100 * MS);
            PathState before = life.state();
            switch (random.nextInt(8)) {
                case 0 -> life.onAnswer(nowNs);
                case 1 -> life.onProof(nowNs);
                case 2 -> life.suspect("overdue", nowNs);
                case 3, 4 -> life.onProbe(nowNs);
                case 5 -> life.onLinkGone(nowNs);
                case 6 -> life.onLinkPresent(nowNs);
                default -> life.onEliciting(nowNs);
            }
            assertThat(life.state() == before || before.canBecome(life.state())).isTrue();
        }
    }

    @Test
    void theStricterWishCounts() {
        use.local(new LinkSettings(LinkRole.SECONDARY, false, 1_000, 2_000, false));
        assertThat(use.role()).isEqualTo(LinkRole.SECONDARY);
        assertThat(use.rateLimit()).isEqualTo(1_000);

        assertThat(use.onFrame(new PathUse(0, false, 0, LinkRole.BACKUP.ordinal(), true, true, 500)))
                .isTrue();
        assertThat(use.role()).isEqualTo(LinkRole.BACKUP);
        assertThat(use.isMetered()).isTrue();
        assertThat(use.isPaused()).isTrue();
        assertThat(use.rateLimit()).isEqualTo(500);

        use.onFrame(new PathUse(1, false, 0, LinkRole.ALWAYS.ordinal(), false, false, 0));
        assertThat(use.role()).isEqualTo(LinkRole.SECONDARY);
        assertThat(use.rateLimit()).isEqualTo(1_000);
        assertThat(use.frame().rateLimit())
                .as("our download is the peer's upload")
                .isEqualTo(2_000);
    }

    @Test
    void anOlderWishDoesNotOverwriteANewerOne() {
        use.onFrame(new PathUse(5, false, 0, LinkRole.NEVER.ordinal(), false, false, 0));

        assertThat(use.onFrame(new PathUse(4, false, 0, LinkRole.ALWAYS.ordinal(), false, false, 0)))
                .as("is confirmed all the same")
                .isTrue();
        assertThat(use.role()).isEqualTo(LinkRole.NEVER);
    }

    @Test
    void tellsAWishUntilThatVeryWishIsConfirmed() {
        assertThat(use.isUntold()).isTrue();
        use.onFrame(PathUse.answer(0));
        assertThat(use.isUntold()).isFalse();

        use.local(new LinkSettings(LinkRole.BACKUP, false, 0, 0, false));
        assertThat(use.isUntold()).isTrue();
        use.onFrame(PathUse.answer(0));
        assertThat(use.isUntold()).as("an old confirmation").isTrue();
        use.onFrame(PathUse.answer(1));
        assertThat(use.isUntold()).isFalse();
        assertThat(use.role()).as("a confirmation is no wish").isEqualTo(LinkRole.BACKUP);
    }
}
