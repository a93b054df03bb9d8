package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PingReportTest {

    @Test
    void countsAnAnswerThatCameTwiceOnce() {
        PingReport report = PingReport.parse("""
                PING 198.19.0.80 (198.19.0.80) 56(84) bytes of data.
                64 bytes from 198.19.0.80: icmp_seq=1 ttl=63 time=20.5 ms
                64 bytes from 198.19.0.80: icmp_seq=1 ttl=63 time=99.5 ms (DUP!)
                64 bytes from 198.19.0.80: icmp_seq=3 ttl=63 time=120 ms

                --- 198.19.0.80 ping statistics ---
                3 packets transmitted, 2 received, +1 duplicates, 33.3333% packet loss, time 402ms
                rtt min/avg/max/mdev = 20.500/80.000/120.000/42.000 ms
                """);

        assertThat(report.sent()).isEqualTo(3);
        assertThat(report.lost()).isEqualTo(1);
        assertThat(report.rttsMs()).containsExactly(20.5, 120.0);
        assertThat(report.maxMs()).isEqualTo(120);
        assertThat(report.meanMs()).isEqualTo(70.25);
    }

    @Test
    void anAnswerToNothingIsNoReport() {
        assertThatThrownBy(() -> PingReport.parse("ping: unknown host")).hasMessageContaining("unknown host");
    }
}
