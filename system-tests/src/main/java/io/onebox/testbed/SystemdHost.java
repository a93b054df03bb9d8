package io.onebox.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A host of the testbed that boots a whole Debian, with systemd as process 1.
///
/// Its network is that of a [TestbedHost]. Its file system is a bare Debian from `bin/debian-tree` and, on top, a
/// layer of its own that outlives a reboot. Mounts are made in a mount namespace of the container's, so nothing is
/// left when it dies.
public final class SystemdHost implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);

    /// How `systemd-nspawn` ends when the system inside wants to reboot.
    private static final int REBOOT = 133;

    /// Modules, the clock and raw I/O are the real machine's.
    private static final String BOOT = """
            for hierarchy in /sys/fs/cgroup/unified /sys/fs/cgroup/systemd /sys/fs/cgroup; do
              [ -e $hierarchy/cgroup.procs ] || continue
              mkdir -p $hierarchy/NAME
              echo $$ > $hierarchy/NAME/cgroup.procs
            done
            mkdir -p LAYER/upper LAYER/work LAYER/root
            mount -t overlay overlay -o lowerdir=TREE,upperdir=LAYER/upper,workdir=LAYER/work LAYER/root
            export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
            exec systemd-nspawn --quiet --boot --machine=NAME --directory=LAYER/root \\
              --network-namespace-path=/run/netns/NAME --register=no --keep-unit --console=pipe \\
              --capability=all --drop-capability=CAP_SYS_MODULE,CAP_SYS_TIME,CAP_SYS_RAWIO \\
              --link-journal=no --resolv-conf=off --timezone=off BINDS
            """;

    private final TestbedHost host;
    private final Path log;
    private final String boot;
    private @Nullable Process container;

    /// Boots.
    ///
    /// @param host whose network it has
    /// @param suite which Debian it is
    /// @param directory for its files
    /// @param shared directories of this machine it may read: path here, colon, path there
    public SystemdHost(TestbedHost host, DebianSuite suite, Path directory, List<String> shared) {
        this.host = host;
        this.log = directory.resolve("console.log");
        String binds = String.join(
                " ", shared.stream().map(bind -> "--bind-ro=" + bind).toList());
        this.boot = BOOT.replace("NAME", host.namespace())
                .replace("LAYER", directory.toString())
                .replace("TREE", suite.tree())
                .replace("BINDS", binds);
        boot();
    }

    private void boot() {
        try {
            Files.createDirectories(log.getParent());
            container = new ProcessBuilder("unshare", "--mount", "sh", "-ec", boot)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start systemd-nspawn", e);
        }
        await(
                "up",
                () -> attempt("systemctl is-system-running --wait")
                        .output()
                        .strip()
                        .equals("running"));
    }

    /// Reboots, and waits until everything is up again.
    public void reboot() {
        attempt("systemctl reboot");
        if (awaitEnd() != REBOOT) {
            throw new IllegalStateException("no reboot: " + console());
        }
        boot();
    }

    /// Runs a command line of the shell and returns what it prints.
    public String run(String command) {
        return Shell.run(inside(command));
    }

    /// Runs a command line of the shell, however it ends.
    public Shell.Result attempt(String command) {
        return leader().isPresent()
                ? Shell.attempt("", inside(command))
                : new Shell.Result(1, "", host + " is not up yet");
    }

    /// Writes a file.
    public void write(String file, String content) {
        Shell.runWith(content, inside("cat > " + file));
    }

    /// Its network, as seen from outside.
    public TestbedHost network() {
        return host;
    }

    /// The process of this machine that is the main process of a unit.
    public ProcessHandle mainProcess(String unit) {
        String pid = run("systemctl show --value --property=MainPID " + unit).strip();
        return descendants()
                .filter(process -> innerPid(process).equals(pid))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no process " + pid + " of " + unit));
    }

    /// What happened here, for a test that failed.
    public String describe() {
        return "== " + host + "\n" + console()
                + attempt("systemctl --failed --no-pager; journalctl --no-pager -n 60")
                        .output();
    }

    /// Switches it off.
    @Override
    public void close() {
        if (container != null) {
            TestbedHost.stop(container);
        }
        Leftovers.removeCgroups(host.namespace());
    }

    private Stream<ProcessHandle> descendants() {
        return container == null ? Stream.of() : container.toHandle().descendants();
    }

    /// Process 1 of the container, as this machine knows it.
    private Optional<ProcessHandle> leader() {
        return descendants().filter(process -> innerPid(process).equals("1")).findFirst();
    }

    /// The id a process has in the container's innermost namespace (proc(5), `NSpid`).
    private static String innerPid(ProcessHandle process) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("NSpid:"))
                    .map(line -> line.substring(line.lastIndexOf('\t') + 1))
                    .findFirst()
                    .orElse("");
        } catch (IOException _) {
            return ""; // It has ended meanwhile.
        }
    }

    private List<String> inside(String command) {
        String pid =
                Long.toString(leader().orElseThrow(() -> new IllegalStateException(host + " has ended: " + console()))
                        .pid());
        List<String> all = new ArrayList<>(List.of("nsenter", "--target", pid));
        all.addAll(List.of("--mount", "--uts", "--ipc", "--pid", "--net", "--cgroup", "--root", "--wd"));
        all.addAll(List.of("sh", "-c", command));
        return all;
    }

    private void await(String what, BooleanSupplier fact) {
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        while (!fact.getAsBoolean()) {
            if (System.nanoTime() - endNs > 0 || container == null || !container.isAlive()) {
                throw new IllegalStateException(host + " is not " + what + ": " + describe());
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private int awaitEnd() {
        try {
            if (container == null || !container.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(host + " goes on: " + console());
            }
            return container.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private String console() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
