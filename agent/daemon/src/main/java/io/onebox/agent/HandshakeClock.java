package io.onebox.agent;

import io.onebox.agent.dataplane.NanoClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The time in our handshakes, which may never go back: a peer takes an initiation that is older than the last one for
/// a
/// replay (WireGuard whitepaper, section 5.1). The highest time used is kept in a file, so that a clock that was set
/// back, or a machine without one, does not lock us out.
///
/// ```
///   clock ahead of the file:   use the clock
///   clock behind the file:     use the file's time, and more if the last life ended without a word
/// ```
final class HandshakeClock {

    private static final Logger log = LoggerFactory.getLogger(HandshakeClock.class);

    /// How often [#keep] is to be called.
    static final Duration KEEP_INTERVAL = Duration.ofSeconds(60);

    /// What a life that was killed may have used beyond the file, and a little more.
    private static final Duration UNKEPT = KEEP_INTERVAL.plusSeconds(5);

    /// Behind by this much, an operator should look at the clock. A guess.
    private static final Duration WORTH_TELLING = Duration.ofMinutes(5);

    private final Path file;
    private final NanoClock clock;
    private final Instant atZero;
    private final Duration behind;

    private HandshakeClock(Path file, NanoClock clock, Instant atZero, Duration behind) {
        this.file = file;
        this.clock = clock;
        this.atZero = atZero;
        this.behind = behind;
    }

    /// Reads the file, if there is one, and starts from the later of it and the wall clock.
    static HandshakeClock start(Path file, InstantSource wall, NanoClock clock) {
        Instant now = wall.instant();
        Instant floor = floor(file);
        Instant start = now.isBefore(floor) ? floor : now;
        if (start.isAfter(now)) {
            log.atDebug().addKeyValue("ahead", Duration.between(now, start)).log("handshakes are ahead of the clock");
        }
        var started = new HandshakeClock(file, clock, start.minusNanos(clock.nowNs()), Duration.between(now, start));
        started.write("");
        return started;
    }

    /// Nanoseconds since 1970 at `nowNs == 0`.
    long wallClockAtZeroNs() {
        return ChronoUnit.NANOS.between(Instant.EPOCH, atZero);
    }

    /// Whether the machine's clock was so far behind that somebody should know.
    boolean isClockBehind() {
        return behind.compareTo(WORTH_TELLING) > 0;
    }

    /// How far the clock was behind the last handshakes.
    Duration behind() {
        return behind;
    }

    /// Notes the time reached. To be called every [#KEEP_INTERVAL].
    void keep() {
        write("");
    }

    /// Notes the time reached, as the last word of this life.
    void close() {
        write(CLEAN);
    }

    private static final String CLEAN = " clean";

    private static Instant floor(Path file) {
        try {
            String text = Files.readString(file).strip();
            boolean isClean = text.endsWith(CLEAN.strip());
            Instant kept = Instant.parse(text.split(" ", 2)[0]);
            return kept.plus(isClean ? Duration.ofMillis(1) : UNKEPT);
        } catch (NoSuchFileException _) {
            return Instant.EPOCH; // The first life.
        } catch (IOException | java.time.DateTimeException e) {
            log.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("cause", e.toString())
                    .log("time of the last handshakes not known");
            return Instant.EPOCH;
        }
    }

    private void write(String suffix) {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            String text = atZero.plusNanos(clock.nowNs()) + suffix + "\n";
            Files.write(temporary, text.getBytes(StandardCharsets.US_ASCII));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("cause", e.toString())
                    .log("cannot keep the time of handshakes");
        }
    }
}
