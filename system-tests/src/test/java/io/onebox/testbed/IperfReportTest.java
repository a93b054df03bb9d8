package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// What `iperf3` 3.12 prints, shortened, and what we read in it.
class IperfReportTest {

    private static final String TCP = """
            {"start": {}, "intervals": [
              {"sum": {"seconds": 0.5, "bits_per_second": 4.0e7, "omitted": false}},
              {"sum": {"seconds": 0.5, "bits_per_second": 0, "omitted": false}},
              {"sum": {"seconds": 0.5, "bits_per_second": 1.0e5, "omitted": false}},
              {"sum": {"seconds": 0.5, "bits_per_second": 2.0e7, "omitted": false}}],
             "end": {
              "sum_sent": {"bits_per_second": 1.6e7},
              "sum_received": {"bits_per_second": 1.5e7}}}
            """;

    private static final String UDP = """
            {"start": {}, "intervals": [{"sum": {"seconds": 1, "bits_per_second": 2.0e7}}],
             "end": {
              "sum": {"bits_per_second": 2.0e7, "jitter_ms": 0.25,
               "lost_packets": 50, "packets": 2000, "lost_percent": 2.5, "sender": true},
              "sum_sent": {"bits_per_second": 2.0e7, "jitter_ms": 0, "lost_packets": 0, "lost_percent": 0},
              "sum_received": {"bits_per_second": 1.9e7, "jitter_ms": 0.25, "lost_packets": 50, "lost_percent": 2.5}}}
            """;

    @Test
    void countsOnlyWhatTheReceiverGot() {
        assertThat(IperfReport.parse(TCP).megabitsPerSecond()).isEqualTo(15);

        IperfReport udp = IperfReport.parse(UDP);
        assertThat(udp.megabitsPerSecond()).isCloseTo(19.5, within(1e-9));
        assertThat(udp.lostShare()).isEqualTo(0.025);
        assertThat(udp.lostPackets()).isEqualTo(50);
        assertThat(udp.jitterMs()).isEqualTo(0.25);
    }

    @Test
    void aStandstillIsTheLongestRunOfHardlyAnything() {
        assertThat(IperfReport.parse(TCP).longestStandstill(1)).isEqualTo(1);
        assertThat(IperfReport.parse(TCP).longestStandstill(0)).isZero();
    }

    @Test
    void passesOnWhatIperfComplainsAbout() {
        assertThatThrownBy(() -> IperfReport.parse("""
                        {"start": {}, "intervals": [], "end": {}, "error": "unable to connect to server"}
                        """))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("iperf3: unable to connect to server");
    }
}
