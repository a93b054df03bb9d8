package io.onebox.agent.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onebox.agent.status.Drops;
import io.onebox.agent.status.PeerFacts;
import io.onebox.agent.status.Reading;
import io.onebox.agent.status.Readings;
import io.onebox.agent.status.Role;
import io.onebox.agent.status.Sample;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.EventKind;
import io.onebox.shared.message.LinkStats;
import io.onebox.shared.message.LinkUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TelemetryTest {

    private final List<AgentMessage> said = new ArrayList<>();
    private boolean isHeard = true;
    private final Telemetry telemetry = new Telemetry(message -> {
        if (isHeard) {
            said.add(message);
        }
        return isHeard;
    });

    @Test
    void tenSecondsMakeASummary() {
        ticks(20, Readings.client());

        assertThat(stats()).hasSize(2).allSatisfy(summary -> {
            assertThat(summary.seconds()).isEqualTo(10);
            assertThat(summary.links()).extracting(LinkStats::name).containsExactly("eth0", "wwan0", "usb0");
        });
        LinkStats eth0 = stats().getFirst().links().getFirst();
        assertThat(eth0.rxBitsPerSecond()).isEqualTo(1_040_000);
        assertThat(eth0.rtt().meanSeconds()).isCloseTo(0.02, within(1e-9));
        assertThat(eth0.rtt().maxSeconds()).isEqualTo(0.02);
        assertThat(eth0.lossRatio()).isCloseTo(0.015, within(1e-9));
        assertThat(stats().getFirst().links().getLast().rtt()).isNull();
        assertThat(eth0.use()).extracting(LinkUse::role, LinkUse::reasonUnused).containsExactly("always", null);
        assertThat(stats().getFirst().links().getLast().use().reasonUnused()).isNotNull();
    }

    @Test
    void whileSomebodyWatchesItSpeaksEachSecond() {
        telemetry.watch(3);
        ticks(9, Readings.client());

        assertThat(stats()).extracting(AgentMessage.Stats::seconds).containsExactly(1, 1, 1);
    }

    @Test
    void aTunnelThatWasDownForLessThanASecondIsToldOf() {
        ticks(3, Readings.client());
        telemetry.stopped();
        ticks(3, Readings.client());

        assertThat(events()).extracting(AgentMessage.Event::kind).endsWith(EventKind.TUNNEL_DOWN, EventKind.TUNNEL_UP);
    }

    @Test
    void whatHappensIsToldOnce() {
        ticks(3, Readings.client());
        ticks(3, nothing());

        assertThat(events())
                .containsExactly(
                        new AgentMessage.Event(EventKind.LINK_UP, "eth0", "", 0),
                        new AgentMessage.Event(EventKind.TUNNEL_UP, "", "", 0),
                        new AgentMessage.Event(EventKind.LINK_DOWN, "eth0", "", 0),
                        new AgentMessage.Event(EventKind.TUNNEL_DOWN, "", "", 0));
    }

    @Test
    void whatHappensUnheardIsToldLater() {
        isHeard = false;
        ticks(5, Readings.client());
        isHeard = true;
        ticks(1, Readings.client());

        assertThat(events())
                .containsExactly(
                        new AgentMessage.Event(EventKind.LINK_UP, "eth0", "", 5),
                        new AgentMessage.Event(EventKind.TUNNEL_UP, "", "", 5));
    }

    @Test
    void aServerTellsOfItsClients() {
        ticks(10, Readings.server());

        assertThat(stats().getFirst().links())
                .extracting(LinkStats::name, LinkStats::state)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("van", "connected"),
                        org.assertj.core.groups.Tuple.tuple("boat", "disconnected"));
        assertThat(events()).contains(new AgentMessage.Event(EventKind.CLIENT_UP, "van", "", 0));
    }

    private static Reading nothing() {
        var sample = new Sample(Readings.clientSample(2).time(), 0, false, List.of(), Drops.NONE, List.of());
        return new Reading(
                Role.CLIENT,
                sample,
                Optional.empty(),
                List.of(),
                "aggregate",
                List.of(new PeerFacts("server", Readings.SERVER_KEY, List.of())));
    }

    private void ticks(int count, Reading reading) {
        for (int i = 0; i < count; i++) {
            telemetry.tick(reading);
        }
    }

    private List<AgentMessage.Stats> stats() {
        return said.stream()
                .filter(AgentMessage.Stats.class::isInstance)
                .map(AgentMessage.Stats.class::cast)
                .toList();
    }

    private List<AgentMessage.Event> events() {
        return said.stream()
                .filter(AgentMessage.Event.class::isInstance)
                .map(AgentMessage.Event.class::cast)
                .toList();
    }
}
