package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// Packets seen on an interface, written to a file by `tcpdump`.
final class Capture implements AutoCloseable {

    private final Path file;
    private final Process tcpdump;

    /// Starts to capture what matches `filter`, and returns when nothing is missed any more.
    Capture(Testbed testbed, TestbedHost host, String device, String filter) {
        this(testbed, host, device, "inout", filter);
    }

    private Capture(Testbed testbed, TestbedHost host, String device, String direction, String filter) {
        file = testbed.directory().resolve("%s-%s-%d.pcap".formatted(host, device, System.nanoTime()));
        Path log = testbed.directory().resolve(file.getFileName() + ".out");
        tcpdump = host.start(
                log,
                "tcpdump",
                "-Z",
                "root",
                "--immediate-mode",
                "-U",
                "-Q",
                direction,
                "-i",
                device,
                "-w",
                file.toString(),
                filter);
        eventually(Duration.ofSeconds(5), () -> Shell.script("grep -q listening '%s'".formatted(log)));
    }

    /// Captures only what the neighbour of `device` sends.
    static Capture ofReceived(Testbed testbed, TestbedHost host, String device, String filter) {
        return new Capture(testbed, host, device, "in", filter);
    }

    /// The file.
    Path file() {
        return file;
    }

    /// Ends the capture and returns one line for each packet.
    String stop() {
        TestbedHost.stop(tcpdump);
        return Files.exists(file) ? Shell.script("tcpdump -n -r '%s' 2>/dev/null".formatted(file)) : "";
    }

    @Override
    public void close() {
        TestbedHost.stop(tcpdump);
    }
}
