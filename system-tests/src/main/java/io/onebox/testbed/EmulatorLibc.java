package io.onebox.testbed;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.SaveError;

/// The C library as the link emulator needs it. Addresses are plain longs, so that frames go from pooled
/// memory to the kernel without a wrapper.
public interface EmulatorLibc {

    /// Loads the C library of this process.
    static EmulatorLibc load() {
        return LibraryLoader.create(EmulatorLibc.class).load("c");
    }

    /// The error number of the last call that failed on this thread.
    static int lastError() {
        return Runtime.getSystemRuntime().getLastError();
    }

    /// `open(2)`
    @SaveError
    int open(String path, int flags);

    /// `close(2)`
    @SaveError
    int close(int fd);

    /// `ioctl(2)` with the address of its argument.
    @SaveError
    int ioctl(int fd, long request, long argument);

    /// `setns(2)`; moves the calling thread only.
    @SaveError
    int setns(int fd, int type);

    /// `read(2)` into native memory.
    @SaveError
    long read(int fd, long address, long count);

    /// `write(2)` from native memory.
    @SaveError
    long write(int fd, long address, long count);

    /// `ppoll(2)`, without a signal mask if `mask` is 0.
    @SaveError
    int ppoll(long fds, long count, long timeout, long mask);

    /// `eventfd(2)`
    @SaveError
    int eventfd(int initial, int flags);

    /// `prctl(2)`
    @SaveError
    int prctl(int option, long first, long second, long third, long fourth);
}
