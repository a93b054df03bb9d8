package io.onebox.controller.stats;

import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.LinkStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The history of every link, each in one file of fixed size: a summary is merged into its slot of four rings, from ten
/// seconds for six hours to an hour for 400 days. A slot that was not written to its end does not count. Blocks.
public final class History {

    private static final Logger log = LoggerFactory.getLogger(History.class);

    /// Most links of one agent: 192 MB of files.
    private static final int MAX_LINKS = 256;

    private static final String SUFFIX = ".history";

    private final Path directory;

    /// @param directory made when it is needed
    public History(Path directory) {
        this.directory = directory;
    }

    /// A stretch of time that was asked for.
    ///
    /// @param stepSeconds the shortest slot that is wanted
    public record Query(Instant from, Instant to, long stepSeconds) {}

    /// What a link carried.
    ///
    /// @param stepSeconds of a slot
    public record Series(String link, int stepSeconds, List<Point> points) {
        public Series {
            points = List.copyOf(points);
        }
    }

    /// What a link carried over one step.
    ///
    /// @param time of its start
    /// @param link means of what was measured
    public record Point(Instant time, LinkStats link) {}

    /// Adds what an agent has just said.
    public void add(String agent, Instant now, AgentMessage.Stats stats) {
        long from = now.getEpochSecond() - stats.seconds();
        for (LinkStats link : stats.links()) {
            Path file = file(agent, link.name());
            try {
                if (Files.exists(file) || hasRoom(directory.resolve(agent))) {
                    add(file, from, stats.seconds(), link);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + file, e);
            }
        }
    }

    private static boolean hasRoom(Path parent) throws IOException {
        Files.createDirectories(parent);
        try (Stream<Path> files = Files.list(parent)) {
            boolean hasRoom = files.limit(MAX_LINKS).count() < MAX_LINKS;
            if (!hasRoom) {
                log.atDebug().addKeyValue("directory", parent).log("an agent has too many links for a history of each");
            }
            return hasRoom;
        }
    }

    private static void add(Path file, long from, int seconds, LinkStats link) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (Ring ring : Ring.values()) {
                Slot slot = Slot.of(ring.start(from), seconds, link);
                long offset = ring.offset(from);
                Optional<Slot> known = read(channel, offset).filter(found -> found.start() == slot.start());
                channel.write(known.map(found -> found.and(slot)).orElse(slot).bytes(), offset);
            }
        }
    }

    private static Optional<Slot> read(FileChannel channel, long offset) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Slot.BYTES);
        return channel.read(bytes, offset) == Slot.BYTES ? Slot.read(bytes.flip()) : Optional.empty();
    }

    /// The names of the links of which there is a history.
    public List<String> links(String agent) {
        try (Stream<Path> files = Files.list(directory.resolve(agent))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> URLDecoder.decode(
                            name.substring(0, name.length() - SUFFIX.length()), StandardCharsets.UTF_8))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory.resolve(agent), e);
        }
    }

    /// What a link carried, from the finest ring that reaches back so far. A step that is longer than the slots of that
    /// ring puts several of them together.
    public Series read(String agent, String link, Instant now, Query query) {
        Ring ring = Ring.covering(now.getEpochSecond(), query.from().getEpochSecond(), query.stepSeconds());
        Path file = file(agent, link);
        long step = Math.max(ring.seconds(), query.stepSeconds() - query.stepSeconds() % ring.seconds());
        List<Slot> found = new ArrayList<>();
        if (Files.exists(file)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                long newest = Math.min(now.getEpochSecond(), query.to().getEpochSecond());
                long oldest =
                        Math.max(query.from().getEpochSecond(), newest - (long) (ring.slots() - 1) * ring.seconds());
                for (long second = ring.start(oldest); second <= newest; second += ring.seconds()) {
                    long start = second;
                    read(channel, ring.offset(second))
                            .filter(slot -> slot.start() == start)
                            .ifPresent(slot -> add(found, slot.startingAt(start - start % step)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        }
        return new Series(
                link,
                Math.toIntExact(step),
                found.stream().map(slot -> slot.point(link)).toList());
    }

    private static void add(List<Slot> found, Slot slot) {
        if (!found.isEmpty() && found.getLast().start() == slot.start()) {
            found.set(found.size() - 1, found.getLast().and(slot));
        } else {
            found.add(slot);
        }
    }

    /// Forgets an agent.
    public void forget(String agent) {
        for (String link : links(agent)) {
            try {
                Files.deleteIfExists(file(agent, link));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot delete the history of " + agent, e);
            }
        }
    }

    private Path file(String agent, String link) {
        return directory.resolve(agent).resolve(URLEncoder.encode(link, StandardCharsets.UTF_8) + SUFFIX);
    }
}
