package io.onebox.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.onebox.agent.status.Drops;
import io.onebox.agent.status.Reading;
import io.onebox.agent.status.Readings;
import io.onebox.agent.status.Sample;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgentMetersTest {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AgentMeters meters = new AgentMeters(registry, "1.2.3");

    @Test
    void namesTheMetersOfTheContract() {
        meters.update(Readings.client());

        assertThat(registry.scrape().lines().filter(line -> line.startsWith("onebox")))
                .contains(
                        "onebox_build_info{version=\"1.2.3\"} 1",
                        "onebox_config_revision 0.0",
                        "onebox_link_up{link=\"eth0\"} 1.0",
                        "onebox_link_up{link=\"wwan0\"} 0.0",
                        "onebox_link_receive_bytes_total{link=\"eth0\"} 130000.0",
                        "onebox_link_transmit_bytes_total{link=\"eth0\"} 65000.0",
                        "onebox_link_rtt_seconds{link=\"eth0\"} 0.02",
                        "onebox_link_jitter_seconds{link=\"eth0\"} 0.001",
                        "onebox_link_loss_ratio{link=\"eth0\"} 0.015",
                        "onebox_link_capacity_bits_per_second{direction=\"transmit\",link=\"eth0\"} 5.0E7",
                        "onebox_session_receive_bytes_total{peer=\"server\"} 125000.0",
                        "onebox_session_transmit_bytes_total{peer=\"server\"} 62500.0",
                        "onebox_session_dropped_packets_total{peer=\"server\",reason=\"duplicate\"} 6.0",
                        "onebox_session_repaired_packets_total{peer=\"server\"} 2.0",
                        "onebox_session_reorder_held_seconds{peer=\"server\"} 0.004",
                        "onebox_handshake_age_seconds{link=\"eth0\",peer=\"server\"} 5.0",
                        "onebox_unclaimed_dropped_packets_total{reason=\"no_peer\"} 4.0",
                        "onebox_device_dropped_packets_total{device=\"eth0\",reason=\"queue_full\"} 3.0");
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        meters.update(Readings.client());

        assertThat(registry.scrape())
                .doesNotContain("onebox_link_rtt_seconds{link=\"wwan0\"}", "direction=\"receive\"", "NaN");
    }

    @Test
    void forgetsLinksThatAreGone() {
        meters.update(Readings.client());
        Sample sample = Readings.clientSample(2);

        meters.update(new Reading(
                Readings.client().role(),
                new Sample(sample.time(), sample.nowNs(), true, List.of(), Drops.NONE, List.of()),
                Optional.empty(),
                List.of(),
                "aggregate",
                Readings.client().peers()));

        assertThat(registry.scrape())
                .doesNotContain("onebox_link_", "onebox_session_", "onebox_unclaimed_", "onebox_device_");
    }

    @Test
    void tellsTheClientsOfAServerApart() {
        meters.update(Readings.server());

        assertThat(registry.scrape().lines())
                .contains(
                        "onebox_link_up{link=\"path1\",peer=\"van\"} 1.0",
                        "onebox_session_receive_bytes_total{peer=\"boat\"} 0.0");
    }
}
