package io.onebox.agent.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.status.Problem.Severity;
import io.onebox.engine.path.LinkRole;
import io.onebox.engine.path.LinkSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemsTest {

    private static final List<String> ENDPOINTS = List.of("203.0.113.7:51820");

    @Test
    void tellsOfALinkThatIsSilentWhileOthersWork() {
        assertThat(problems(Readings.clientSample(1))).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(ProblemKind.LINK_DOWN);
            assertThat(problem.link()).isEqualTo("wwan0");
            assertThat(problem.severity()).isEqualTo(Severity.WARNING);
            assertThat(problem.message()).isEqualTo("wwan0 is down: silent");
        });
    }

    @Test
    void tellsWhenTheServerIsSilentAndWhereItIsSought() {
        Sample sample = withLinks(List.of(link(LinkSettings.DEFAULT)));

        assertThat(problems(sample)).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(ProblemKind.SERVER_UNREACHABLE);
            assertThat(problem.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(problem.message()).contains("203.0.113.7:51820", "still trying");
        });
    }

    @Test
    void tellsWhenThereIsNoLinkAtAll() {
        assertThat(problems(withLinks(List.of()))).extracting(Problem::kind).containsExactly(ProblemKind.LINK_NONE);
    }

    @Test
    void tellsWhenTheTunnelIsOff() {
        Sample up = Readings.clientSample(1);

        assertThat(problems(new Sample(up.time(), up.nowNs(), false, List.of(), Drops.NONE, up.links())))
                .extracting(Problem::kind)
                .containsExactly(ProblemKind.TUNNEL_DOWN);
    }

    @Test
    void tellsOfAPausedLinkAndNotOfOneThatShallNeverCarryData() {
        Sample sample = Readings.clientSample(1);
        var paused = new LinkFacts(1, "wwan0", new LinkSettings(LinkRole.ALWAYS, false, 0, 0, true), null, 0, null);
        var never = new LinkFacts(1, "wwan0", new LinkSettings(LinkRole.NEVER, false, 0, 0, false), null, 0, null);

        assertThat(problems(new Sample(
                        sample.time(), sample.nowNs(), true, sample.sessions(), Drops.NONE, List.of(paused))))
                .extracting(Problem::kind)
                .containsExactly(ProblemKind.LINK_PAUSED);
        assertThat(problems(
                        new Sample(sample.time(), sample.nowNs(), true, sample.sessions(), Drops.NONE, List.of(never))))
                .isEmpty();
    }

    @Test
    void theWorstComesFirst() {
        var info = Problem.of(ProblemKind.TUNNEL_DOWN, "", "");
        var warning = Problem.of(ProblemKind.LINK_DOWN, "", "");
        var critical = Problem.of(ProblemKind.LINK_NONE, "", "");

        assertThat(Problems.sorted(List.of(info, warning, critical))).containsExactly(critical, warning, info);
    }

    private static List<Problem> problems(Sample sample) {
        return Problems.ofClient(sample, ENDPOINTS, List.of());
    }

    private static Sample withLinks(List<LinkFacts> links) {
        Sample sample = Readings.clientSample(1);
        return new Sample(sample.time(), sample.nowNs(), true, List.of(), Drops.NONE, links);
    }

    private static LinkFacts link(LinkSettings settings) {
        return new LinkFacts(0, "eth0", settings, "10.0.1.2", 1500, null);
    }
}
