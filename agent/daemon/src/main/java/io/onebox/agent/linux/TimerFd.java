package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A timer that makes a descriptor readable, with the kernel's high resolution: an epoll timeout may be
/// whole milliseconds, pacing wants better than 0.5 ms.
///
/// ```
///  struct itimerspec
///   0 +--------------------------+
///     | interval (16) = 0        |
///  16 +--------------------------+
///     | seconds                  |
///  24 +--------------------------+
///     | nanoseconds              |
///  32 +--------------------------+
/// ```
public final class TimerFd implements AutoCloseable {

    private static final long NS_PER_SECOND = 1_000_000_000;

    private static final int SECONDS_OFFSET = 2 * Long.BYTES;
    private static final int NANOSECONDS_OFFSET = SECONDS_OFFSET + Long.BYTES;
    private static final int ITIMERSPEC_LENGTH = NANOSECONDS_OFFSET + Long.BYTES;

    private final Libc libc;
    private final int fd;
    private final MemorySegment timer = Arena.ofAuto().allocate(ITIMERSPEC_LENGTH, Long.BYTES);
    private final MemorySegment expirations = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
    private boolean closed;

    /// Creates a timer that is not set.
    public TimerFd(Libc libc) {
        this.libc = libc;
        this.fd = libc.timerfd_create(Libc.CLOCK_MONOTONIC, Libc.NONBLOCK | Libc.CLOEXEC);
        if (fd < 0) {
            throw new LinuxException("timerfd_create", "timer", Errno.last(), "cannot make a timer; see 'ulimit -n'");
        }
    }

    /// The descriptor to wait on.
    public int fd() {
        return fd;
    }

    /// Makes the descriptor readable after `delayNs`, or as soon as possible if that is not positive.
    public void set(long delayNs) {
        long ns = Math.max(1, delayNs);
        timer.set(JAVA_LONG, SECONDS_OFFSET, ns / NS_PER_SECOND);
        timer.set(JAVA_LONG, NANOSECONDS_OFFSET, ns % NS_PER_SECOND);
        if (libc.timerfd_settime(fd, 0, timer.address(), 0) < 0) {
            throw new LinuxException("timerfd_settime", "timer", Errno.last(), "cannot set a timer to " + ns + " ns");
        }
    }

    /// Makes the descriptor unreadable again; call when it was found readable.
    public void acknowledge() {
        if (libc.read(fd, expirations.address(), Long.BYTES) < 0) {
            int errno = Errno.last();
            if (errno != Errno.EAGAIN && errno != Errno.EINTR) {
                throw new LinuxException("read", "timer", errno, "the timer failed");
            }
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            libc.close(fd);
        }
    }
}
