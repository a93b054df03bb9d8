package io.onebox.testbed;

import java.util.concurrent.CountDownLatch;
import jnr.ffi.LibraryLoader;

/// One thread of another process, stopped as by a debugger while the others go on: what a bug that hangs looks like.
final class FrozenThread {

    private static final int PTRACE_SEIZE = 0x4206;
    private static final int PTRACE_INTERRUPT = 0x4207;
    private static final int WALL = 0x4000_0000;

    /// The calls of ptrace(2) and waitpid(2).
    public interface Tracing {
        /// See ptrace(2).
        long ptrace(long request, int thread, long address, long data);

        /// See waitpid(2).
        int waitpid(int thread, long status, int options);
    }

    private final Tracing libc = LibraryLoader.create(Tracing.class).load("c");
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final int thread;

    private FrozenThread(int thread) {
        this.thread = thread;
    }

    /// Returns when the thread has stopped. It stays so until its process is killed, or ours ends.
    static void freeze(long thread) {
        var frozen = new FrozenThread((int) thread);
        Thread.ofPlatform().daemon().start(frozen::hold);
        frozen.await();
    }

    /// A tracer is a thread, not a process: all of it happens here.
    private void hold() {
        libc.ptrace(PTRACE_SEIZE, thread, 0, 0);
        libc.ptrace(PTRACE_INTERRUPT, thread, 0, 0);
        libc.waitpid(thread, 0, WALL);
        stopped.countDown();
        while (libc.waitpid(thread, 0, WALL) == thread) {
            // Stopped again; not yet dead.
        }
    }

    private void await() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
