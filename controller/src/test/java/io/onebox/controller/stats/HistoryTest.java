package io.onebox.controller.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.stats.History.Point;
import io.onebox.controller.stats.History.Query;
import io.onebox.controller.stats.History.Series;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.LinkStats;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    private static final Instant START = Instant.parse("2026-11-25T00:00:00Z");
    private static final String AGENT = "0a1b2c3d";

    @TempDir
    private Path directory;

    private History history;

    @BeforeEach
    void open() {
        history = new History(directory);
    }

    @Test
    void keepsTenSecondsForSixHoursAndMinutesForTwoDays() {
        Duration length = Duration.ofHours(7);
        for (long second = 10; second <= length.toSeconds(); second += 10) {
            add(START.plusSeconds(second), second % 60 == 10 ? 6e6 : 0);
        }
        Instant now = START.plus(length);

        Series fine = read(now, Duration.ofHours(1));
        Series coarse = read(now, length);

        assertThat(fine.stepSeconds()).isEqualTo(10);
        assertThat(fine.points()).hasSize(360);
        assertThat(coarse.stepSeconds()).isEqualTo(60);
        assertThat(coarse.points()).hasSize(420).allSatisfy(point -> {
            assertThat(point.link().rxBitsPerSecond()).isEqualTo(1e6);
            assertThat(point.link().lossRatio()).isNull();
            assertThat(point.link().rtt().maxSeconds()).isBetween(0.0299, 0.0301);
        });
        assertThat(read(now, Duration.ofDays(2).minusMinutes(1)).stepSeconds()).isEqualTo(60);
        assertThat(read(now, Duration.ofDays(3)).stepSeconds()).isEqualTo(300);
        assertThat(read(now, Duration.ofDays(14).minusMinutes(5)).stepSeconds()).isEqualTo(300);
        assertThat(read(now, Duration.ofDays(14).minusMinutes(5)).points())
                .hasSize(84)
                .allSatisfy(point -> assertThat(point.link().rxBitsPerSecond()).isEqualTo(1e6));
        assertThat(read(now, Duration.ofDays(15)).stepSeconds()).isEqualTo(3600);
        assertThat(read(now, Duration.ofDays(300)).points()).hasSize(7);
    }

    @Test
    void aStepLongerThanASlotPutsSlotsTogether() {
        for (int hour = 1; hour <= 48; hour++) {
            add(START.plus(Duration.ofHours(hour)), hour <= 24 ? 1e6 : 3e6);
        }
        Instant now = START.plus(Duration.ofDays(2));

        Series days = history.read(AGENT, "eth0", now, new Query(START, now, 86_400));

        assertThat(days.stepSeconds()).isEqualTo(86_400);
        assertThat(days.points()).extracting(Point::time).containsExactly(START, START.plus(Duration.ofDays(1)));
        assertThat(days.points())
                .extracting(point -> point.link().rxBitsPerSecond())
                .containsExactly(1e6, 3e6);
    }

    @Test
    void aFileNeverGrowsBeyondItsRings() throws IOException {
        add(START, 1e6);
        add(START.plus(Duration.ofDays(500)), 2e6);

        long bytes = Files.size(directory.resolve(AGENT).resolve("eth0.history"));
        assertThat(Ring.fileBytes()).isEqualTo(746_880);
        assertThat(bytes).isLessThanOrEqualTo(Ring.fileBytes());
        assertThat(read(START.plus(Duration.ofDays(500)), Duration.ofDays(400)).points())
                .extracting(Point::link)
                .extracting(LinkStats::rxBitsPerSecond)
                .containsExactly(2e6);
    }

    @Test
    void aSlotThatIsNotWhatWasWrittenDoesNotCount() throws IOException {
        add(START.plusSeconds(10), 1e6);
        add(START.plusSeconds(20), 2e6);
        try (var file = new RandomAccessFile(
                directory.resolve(AGENT).resolve("eth0.history").toFile(), "rw")) {
            file.seek(Ring.TEN_SECONDS.offset(START.getEpochSecond()) + 8);
            file.write(99);
        }

        assertThat(read(START.plusSeconds(20), Duration.ofMinutes(1)).points())
                .extracting(Point::time)
                .containsExactly(START.plusSeconds(10));
    }

    @Test
    void namesOfLinksAreNoPaths() {
        history.add(AGENT, START, new AgentMessage.Stats(10, List.of(link("..", 1e6), link("a%b", 1e6))));

        assertThat(history.links(AGENT)).containsExactly("..", "a%b");
        assertThat(history.links("ffffffff")).isEmpty();
        history.forget(AGENT);
        assertThat(history.links(AGENT)).isEmpty();
    }

    @Test
    void anAgentCannotFillTheDisk() {
        for (int i = 0; i < 300; i++) {
            history.add(AGENT, START, new AgentMessage.Stats(10, List.of(link("l" + i, 1e6))));
        }

        assertThat(history.links(AGENT)).hasSize(256);
    }

    private Series read(Instant now, Duration back) {
        return history.read(AGENT, "eth0", now, new Query(now.minus(back), now.minusSeconds(1), 1));
    }

    private void add(Instant time, double rx) {
        history.add(AGENT, time, new AgentMessage.Stats(10, List.of(link("eth0", rx))));
    }

    private static LinkStats link(String name, double rx) {
        return new LinkStats(name, "usable", rx, 0, new LinkStats.Rtt(0.01, 0.02, 0.03), null, null, null);
    }
}
