package io.onebox.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A host of the testbed: a network namespace, and the processes started in it.
public final class TestbedHost implements AutoCloseable {

    private final String namespace;
    private final List<Process> processes = Collections.synchronizedList(new ArrayList<>());
    private @Nullable Process files;

    TestbedHost(String namespace) {
        this.namespace = namespace;
    }

    /// Its network namespace.
    public String namespace() {
        return namespace;
    }

    /// Runs a command line of the shell on this host and returns what it prints.
    public String run(String command) {
        return Shell.run(inside("sh", "-c", command));
    }

    /// Runs a command line of the shell on this host, however it ends.
    public Shell.Result attempt(String command) {
        return Shell.attempt("", inside("sh", "-c", command));
    }

    /// The MTU of the TUN device that its agent has here.
    public int tunnelMtu() {
        return Integer.parseInt(run("cat /sys/class/net/onebox0/mtu").strip());
    }

    /// From now on, what runs here has files of its own below `/etc`, which are copies, and below `/run` and `/var`.
    ///
    /// @param directory for the copies
    public void ownFiles(Path directory) {
        String script = """
                mkdir -p COPY
                cp -a /etc/. COPY
                mount --bind COPY /etc
                mount -t tmpfs tmpfs /run
                mount -t tmpfs tmpfs /var
                mkdir -p /var/lib /var/log
                echo ready
                exec sleep infinity
                """.replace("COPY", directory.toString());
        try {
            files = new ProcessBuilder(inside("sh", "-ec", script))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            processes.add(files);
            if (!"ready".equals(files.inputReader().readLine())) {
                throw new IllegalStateException(this + " has no files of its own");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts a command that runs until it is stopped or the host is closed.
    ///
    /// @param log where its output goes
    public Process start(Path log, String... command) {
        try {
            Process process = new ProcessBuilder(inside(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            processes.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command[0], e);
        }
    }

    /// Ends a process: asks, and after a few seconds insists.
    public static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /// The command that runs `command` on this host.
    public List<String> inside(String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        if (files != null) {
            all = new ArrayList<>(List.of("nsenter", "--mount", "--net", "--target", Long.toString(files.pid())));
        }
        all.addAll(List.of(command));
        return all;
    }

    /// Runs `action` in a thread of its own on this host: sockets it opens belong here.
    public <T> T inside(Callable<T> action) {
        return NamespaceThread.call(EmulatorLibc.load(), namespace, action);
    }

    /// What a look at this host shows, for a test that failed.
    public String describe() {
        String commands = "ip -s addr; ip rule; ip route show table all; ip -6 rule; ip -6 route show table all;"
                + " ss -uanp; nft list ruleset";
        return "== " + namespace + "\n" + attempt(commands).output();
    }

    /// Ends all processes started here, all at once.
    @Override
    public void close() {
        List<Process> running = List.copyOf(processes);
        running.forEach(Process::destroy);
        running.forEach(TestbedHost::stop);
        processes.clear();
    }

    @Override
    public String toString() {
        return namespace;
    }
}
