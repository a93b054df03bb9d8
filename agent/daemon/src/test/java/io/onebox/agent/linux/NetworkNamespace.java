package io.onebox.agent.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A network namespace without a name, entered by one thread. It vanishes with the thread and with the sockets
/// opened in it, so there is nothing to tear down, even after `kill -9`.
public final class NetworkNamespace implements AutoCloseable {

    /// `CLONE_NEWNET` of linux/sched.h.
    private static final int CLONE_NEWNET = 0x40000000;

    private final ExecutorService inside = Executors.newSingleThreadExecutor();

    public NetworkNamespace(Libc libc) {
        in(() -> {
            if (libc.unshare(CLONE_NEWNET) != 0) {
                throw new LinuxException("unshare", "network namespace", Errno.last(), "run this test as root");
            }
            return null;
        });
        shell("ip link set lo up");
    }

    /// Runs an action on the thread inside and waits for it.
    public <T> T in(Callable<T> action) {
        try {
            return inside.submit(action).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Runs a shell command inside and returns what it prints. Processes belong to the namespace of the thread that
    /// starts them.
    public String shell(String command) {
        return in(() -> run(command));
    }

    /// Starts a shell command inside and returns at once.
    public Process start(String command) {
        return in(() -> new ProcessBuilder("sh", "-ec", command)
                .redirectErrorStream(true)
                .start());
    }

    @Override
    public void close() {
        inside.shutdownNow();
    }

    /// Runs a shell command in the namespace of the current thread and returns what it prints.
    public static String run(String command) {
        try {
            Process process = new ProcessBuilder("sh", "-ec", command)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
