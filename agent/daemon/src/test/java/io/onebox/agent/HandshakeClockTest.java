package io.onebox.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandshakeClockTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    private Path directory;

    private Path file;
    private long nowNs;

    @BeforeEach
    void name() {
        file = directory.resolve("state/handshake-time");
    }

    @Test
    void theFirstLifeUsesTheClock() {
        nowNs = 5_000_000_000L;

        HandshakeClock clock = start(NOON);

        assertThat(instant(clock)).isEqualTo(NOON);
        assertThat(clock.isClockBehind()).isFalse();
    }

    @Test
    void aClockThatWasSetBackDoesNotTakeHandshakesBack() {
        HandshakeClock first = start(NOON);
        nowNs += Duration.ofMinutes(10).toNanos();
        first.close();

        HandshakeClock second = start(NOON.minus(Duration.ofDays(365)));

        assertThat(instant(second)).isAfter(NOON.plus(Duration.ofMinutes(10)));
        assertThat(second.isClockBehind()).isTrue();
        assertThat(second.behind()).isGreaterThan(Duration.ofDays(364));
    }

    @Test
    void aLifeThatWasKilledMayHaveUsedMoreThanItNoted() {
        HandshakeClock first = start(NOON);
        nowNs += Duration.ofMinutes(10).toNanos();
        first.keep();
        nowNs += HandshakeClock.KEEP_INTERVAL.toNanos();
        Instant lastUsed = instant(first);

        assertThat(instant(start(NOON))).isAfter(lastUsed);
    }

    @Test
    void aRestartAfterAnOrderlyStopKeepsToTheClock() {
        HandshakeClock first = start(NOON);
        nowNs += 1_000_000_000L;
        first.close();

        Instant later = NOON.plusSeconds(2);
        assertThat(instant(start(later))).isEqualTo(later);
    }

    @Test
    void manyRestartsDoNotRunAheadOfTheClock() {
        for (int life = 0; life < 100; life++) {
            start(NOON.plusSeconds(life)).close();
        }

        assertThat(instant(start(NOON.plusSeconds(100)))).isEqualTo(NOON.plusSeconds(100));
    }

    @Test
    void aFileThatIsBrokenIsNoObstacle() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "yesterday\n");

        assertThat(instant(start(NOON))).isEqualTo(NOON);
    }

    private HandshakeClock start(Instant wall) {
        return HandshakeClock.start(file, InstantSource.fixed(wall), () -> nowNs);
    }

    /// What handshakes would carry now.
    private Instant instant(HandshakeClock clock) {
        return Instant.EPOCH.plusNanos(clock.wallClockAtZeroNs() + nowNs);
    }
}
