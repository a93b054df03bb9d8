package io.onebox.agent.linux;

/// A system call that failed: which one, on what, why, and what to do about it.
///
/// ```
/// open /dev/net/tun: EPERM: the agent needs CAP_NET_ADMIN; run it as root
/// ```
public final class LinuxException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int errno;

    /// @param call name of the system call
    /// @param object what it was done to
    /// @param errno why it failed
    /// @param remedy what a person can do, without a full stop
    public LinuxException(String call, String object, int errno, String remedy) {
        super(call + " " + object + ": " + Errno.name(errno) + ": " + remedy);
        this.errno = errno;
    }

    /// Why the call failed.
    public int errno() {
        return errno;
    }

    /// Whether we lacked the right to do it: exit code 77.
    public boolean isPermission() {
        return errno == Errno.EPERM || errno == Errno.EACCES;
    }

    /// Whether the machine lacks what was asked for: exit code 69.
    public boolean isMissing() {
        return errno == Errno.ENOENT || errno == Errno.ENODEV || errno == Errno.ENXIO;
    }
}
