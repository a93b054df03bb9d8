package io.onebox.testbed;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A thread that enters a network namespace, does one thing there, and ends, so that no other thread of this
/// process ever leaves home.
final class NamespaceThread {

    // asm-generic/fcntl.h
    private static final int O_CLOEXEC = 0x80000;

    // linux/sched.h
    private static final int CLONE_NEWNET = 0x40000000;

    private NamespaceThread() {}

    /// Runs `action` inside and returns its result; an unchecked exception passes through.
    static <T> T call(EmulatorLibc libc, String namespace, Callable<T> action) {
        var task = new FutureTask<>(() -> {
            enter(libc, namespace);
            return action.call();
        });
        Thread.ofPlatform().name("in-" + namespace).start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + namespace, e);
        }
    }

    private static void enter(EmulatorLibc libc, String namespace) {
        int fd = libc.open("/run/netns/" + namespace, O_CLOEXEC);
        if (fd < 0) {
            throw new IllegalStateException("no namespace " + namespace + ": errno " + EmulatorLibc.lastError());
        }
        int result = libc.setns(fd, CLONE_NEWNET);
        int error = EmulatorLibc.lastError();
        libc.close(fd);
        if (result < 0) {
            throw new IllegalStateException("setns " + namespace + ": errno " + error);
        }
    }
}
