package io.onebox.agent.linux;

import jnr.ffi.LastError;
import jnr.ffi.Runtime;

/// Error numbers of system calls, by the names of the machine we run on.
public final class Errno {

    public static final int EACCES = number(jnr.constants.platform.Errno.EACCES);
    public static final int EADDRINUSE = number(jnr.constants.platform.Errno.EADDRINUSE);
    public static final int EADDRNOTAVAIL = number(jnr.constants.platform.Errno.EADDRNOTAVAIL);
    public static final int EAFNOSUPPORT = number(jnr.constants.platform.Errno.EAFNOSUPPORT);
    public static final int EAGAIN = number(jnr.constants.platform.Errno.EAGAIN);
    public static final int EBUSY = number(jnr.constants.platform.Errno.EBUSY);
    public static final int ECONNREFUSED = number(jnr.constants.platform.Errno.ECONNREFUSED);
    public static final int EEXIST = number(jnr.constants.platform.Errno.EEXIST);
    public static final int EHOSTDOWN = number(jnr.constants.platform.Errno.EHOSTDOWN);
    public static final int EHOSTUNREACH = number(jnr.constants.platform.Errno.EHOSTUNREACH);
    public static final int EINTR = number(jnr.constants.platform.Errno.EINTR);
    public static final int EINVAL = number(jnr.constants.platform.Errno.EINVAL);
    public static final int EIO = number(jnr.constants.platform.Errno.EIO);
    public static final int EMSGSIZE = number(jnr.constants.platform.Errno.EMSGSIZE);
    public static final int ENETDOWN = number(jnr.constants.platform.Errno.ENETDOWN);
    public static final int ENETUNREACH = number(jnr.constants.platform.Errno.ENETUNREACH);
    public static final int ENOBUFS = number(jnr.constants.platform.Errno.ENOBUFS);
    public static final int ENODEV = number(jnr.constants.platform.Errno.ENODEV);
    public static final int ENOENT = number(jnr.constants.platform.Errno.ENOENT);
    public static final int ENOMEM = number(jnr.constants.platform.Errno.ENOMEM);
    public static final int ENXIO = number(jnr.constants.platform.Errno.ENXIO);
    public static final int EPERM = number(jnr.constants.platform.Errno.EPERM);
    public static final int ESRCH = number(jnr.constants.platform.Errno.ESRCH);

    private static final Runtime RUNTIME = Runtime.getSystemRuntime();

    private Errno() {}

    /// The error number of the last call that failed on this thread.
    public static int last() {
        return LastError.getLastError(RUNTIME);
    }

    /// The symbol of an error number, such as `EPERM`, or `errno 4711` for one nobody knows.
    public static String name(int errno) {
        var known = jnr.constants.platform.Errno.valueOf(errno);
        return known == jnr.constants.platform.Errno.__UNKNOWN_CONSTANT__ ? "errno " + errno : known.name();
    }

    private static int number(jnr.constants.platform.Errno errno) {
        return errno.intValue();
    }
}
