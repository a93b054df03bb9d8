package io.onebox.controller.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// So many attempts and no more.
class AttemptLimitTest {

    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final AttemptLimit limit = new AttemptLimit(2, Duration.ofMinutes(1), () -> now);

    @Test
    void thoseOfAWindowAreCountedForEachKey() {
        assertThat(limit.tryUse("a")).isTrue();
        assertThat(limit.tryUse("a")).isTrue();
        assertThat(limit.tryUse("a")).isFalse();
        assertThat(limit.tryUse("b")).isTrue();

        now = now.plusSeconds(61);

        assertThat(limit.tryUse("a")).isTrue();
    }

    @Test
    void aMachineHasOneAddressOfIpv4AndANetworkOfIpv6() {
        assertThat(AttemptLimit.machine("192.0.2.1"))
                .isEqualTo(AttemptLimit.machine("::ffff:192.0.2.1"))
                .isNotEqualTo(AttemptLimit.machine("192.0.2.2"));
        assertThat(AttemptLimit.machine("2001:db8:1:2::1"))
                .isEqualTo(AttemptLimit.machine("2001:db8:1:2:ffff:ffff:ffff:ffff"))
                .isNotEqualTo(AttemptLimit.machine("2001:db8:1:3::1"));
        assertThat(AttemptLimit.machine("nowhere")).isEqualTo("nowhere");
    }

    @Test
    void aNeighbourhoodIsLarger() {
        assertThat(AttemptLimit.neighbourhood("192.0.2.1"))
                .isEqualTo(AttemptLimit.neighbourhood("192.0.2.200"))
                .isNotEqualTo(AttemptLimit.neighbourhood("192.0.3.1"));
        assertThat(AttemptLimit.neighbourhood("2001:db8:1:2::1"))
                .isEqualTo(AttemptLimit.neighbourhood("2001:db8:1:2::2"))
                .isNotEqualTo(AttemptLimit.neighbourhood("2001:db8:1:3::1"));
    }

    @Test
    void whatIsGivenBackCanBeUsedAgainAndNoMore() {
        limit.tryUse("a");
        limit.tryUse("a");

        limit.giveBack("a");

        assertThat(limit.tryUse("a")).isTrue();
        assertThat(limit.tryUse("a")).isFalse();
        limit.giveBack("b");
        assertThat(limit.tryUse("b")).isTrue();
        assertThat(limit.tryUse("b")).isTrue();
        assertThat(limit.tryUse("b")).isFalse();
    }
}
