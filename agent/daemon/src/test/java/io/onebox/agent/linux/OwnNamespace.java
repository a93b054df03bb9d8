package io.onebox.agent.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A network namespace that belongs to one thread and vanishes with it and the descriptors it opened.
public final class OwnNamespace {

    private static final int CLONE_NEWNET = 0x40000000;

    private OwnNamespace() {}

    /// Runs `work` on a thread in a fresh namespace with a loopback interface that is up.
    public static void run(Libc libc, Runnable work) {
        var task = new FutureTask<Void>(
                () -> {
                    enter(libc);
                    work.run();
                },
                null);
        Thread.ofPlatform().name("own-namespace").start(task);
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Moves the current thread into a fresh namespace for the rest of its life.
    public static void enter(Libc libc) {
        if (libc.unshare(CLONE_NEWNET) < 0) {
            throw new LinuxException("unshare", "CLONE_NEWNET", Errno.last(), "system tests need root");
        }
        shell("ip link set lo up");
    }

    /// Runs a command in the namespace of the current thread and returns what it says.
    public static String shell(String command) {
        try {
            Process process = new ProcessBuilder("sh", "-c", command)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(command + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
