package io.onebox.testbed.bench;

import io.onebox.testbed.TestbedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the byte counters of all interfaces of a host every few milliseconds, and tells afterwards what flowed
/// when. An interface that was removed and came back goes on counting where it stopped.
final class Meter implements AutoCloseable {

    private static final long PERIOD_NS = 20_000_000;
    private static final double NS_PER_SECOND = 1e9;
    private static final double BITS_PER_BYTE = 8;
    private static final double BITS_PER_MEGABIT = 1e6;

    // Less than this is no flow: pings, probes, acknowledgements.
    private static final double STANDSTILL_MEGABITS = 1;

    // /proc/net/dev: name, then received bytes and seven more, then sent bytes.
    private static final Pattern COUNTERS =
            Pattern.compile("^\\s*(\\S+):\\s*(\\d+)(?:\\s+\\d+){7}\\s+(\\d+)", Pattern.MULTILINE);

    /// Bytes that had flowed at a time.
    private record Reading(long atNs, long bytes) {}

    private final Map<String, List<Reading>> received = new TreeMap<>();
    private final Map<String, List<Reading>> sent = new TreeMap<>();
    private final Map<String, Long> lastRaw = new TreeMap<>();
    private final Thread thread;
    private volatile boolean stopping;

    /// Starts reading.
    Meter(TestbedHost host) {
        thread = Thread.ofPlatform().daemon().name("meter").start(() -> host.inside(this::read));
    }

    private long read() throws IOException {
        // The thread's own view: this thread alone is inside the namespace of the host.
        Path counters = Path.of("/proc/thread-self/net/dev");
        long readings = 0;
        while (!stopping) {
            note(System.nanoTime(), Files.readString(counters));
            readings++;
            LockSupport.parkNanos(PERIOD_NS);
        }
        return readings;
    }

    private synchronized void note(long nowNs, String counters) {
        Matcher line = COUNTERS.matcher(counters);
        while (line.find()) {
            note(nowNs, received, "received " + line.group(1), line.group(1), Long.parseLong(line.group(2)));
            note(nowNs, sent, "sent " + line.group(1), line.group(1), Long.parseLong(line.group(3)));
        }
    }

    private void note(long nowNs, Map<String, List<Reading>> readings, String counter, String name, long raw) {
        List<Reading> all = readings.computeIfAbsent(name, _ -> new ArrayList<>());
        long before = lastRaw.getOrDefault(counter, 0L);
        long grown = raw >= before ? raw - before : raw;
        lastRaw.put(counter, raw);
        all.add(new Reading(nowNs, (all.isEmpty() ? 0 : all.getLast().bytes()) + grown));
    }

    private List<Reading> readings(String name, Direction direction) {
        return (direction == Direction.DOWN ? received : sent).getOrDefault(name, List.of());
    }

    /// Bytes that flowed over an interface from one time to another.
    ///
    /// @param direction as the host sees it: up is sent, down is received
    synchronized long bytes(String name, Direction direction, long fromNs, long toNs) {
        List<Reading> within = readings(name, direction).stream()
                .filter(reading -> reading.atNs() >= fromNs && reading.atNs() <= toNs)
                .toList();
        return within.isEmpty()
                ? 0
                : within.getLast().bytes() - within.getFirst().bytes();
    }

    /// Mean rate in that time, in Mbit/s.
    double megabitsPerSecond(String name, Direction direction, long fromNs, long toNs) {
        double seconds = (toNs - fromNs) / NS_PER_SECOND;
        return bytes(name, direction, fromNs, toNs) * BITS_PER_BYTE / BITS_PER_MEGABIT / seconds;
    }

    /// How long it took from `fromNs` until that many bytes had flowed, in seconds; infinite if they never did.
    synchronized double secondsUntil(String name, Direction direction, long fromNs, long bytes) {
        long atStart = Long.MAX_VALUE;
        for (Reading reading : readings(name, direction)) {
            if (reading.atNs() >= fromNs && atStart == Long.MAX_VALUE) {
                atStart = reading.bytes();
            }
            if (atStart != Long.MAX_VALUE && reading.bytes() - atStart >= bytes) {
                return (reading.atNs() - fromNs) / NS_PER_SECOND;
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    /// The last time at which the interface carried more than that many Mbit/s between two readings, in seconds
    /// after `fromNs`; 0 if it never did.
    synchronized double secondsUntilBelow(String name, Direction direction, long fromNs, double megabits) {
        double last = 0;
        List<Reading> all = readings(name, direction);
        for (int i = 1; i < all.size(); i++) {
            Reading reading = all.get(i);
            if (reading.atNs() > fromNs && rate(all.get(i - 1), reading) > megabits) {
                last = (reading.atNs() - fromNs) / NS_PER_SECOND;
            }
        }
        return last;
    }

    /// The longest time in which nothing worth the name flowed, in seconds.
    synchronized double longestStandstill(String name, Direction direction, long fromNs, long toNs) {
        double longest = 0;
        double current = 0;
        List<Reading> all = readings(name, direction);
        for (int i = 1; i < all.size(); i++) {
            Reading reading = all.get(i);
            if (reading.atNs() < fromNs || reading.atNs() > toNs) {
                continue;
            }
            double seconds = (reading.atNs() - all.get(i - 1).atNs()) / NS_PER_SECOND;
            current = rate(all.get(i - 1), reading) < STANDSTILL_MEGABITS ? current + seconds : 0;
            longest = Math.max(longest, current);
        }
        return longest;
    }

    private static double rate(Reading before, Reading after) {
        double seconds = (after.atNs() - before.atNs()) / NS_PER_SECOND;
        return (after.bytes() - before.bytes()) * BITS_PER_BYTE / BITS_PER_MEGABIT / seconds;
    }

    /// Stops reading; what was read stays.
    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
