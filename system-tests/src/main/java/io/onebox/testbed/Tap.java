package io.onebox.testbed;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// One end of an emulated link: a TAP interface inside a network namespace, whose frames this process reads
/// and writes. The interface exists as long as the file descriptor is open.
///
/// Without `IFF_VNET_HDR` the kernel segments and checksums before we see a frame, so no offload has to be
/// switched off.
final class Tap implements AutoCloseable {

    /// Bytes in front of the IP packet.
    static final int ETHERNET_HEADER = 14;

    // asm-generic/errno-base.h and errno.h
    private static final int EINTR = 4;
    private static final int EIO = 5;
    private static final int EAGAIN = 11;

    // asm-generic/fcntl.h
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;

    // linux/if_tun.h
    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETCARRIER = 0x400454e2L;
    private static final short IFF_TAP = 0x0002;
    private static final short IFF_NO_PI = 0x1000;

    // linux/if.h: struct ifreq is a name of 16 bytes and a union of 24
    private static final int IFREQ_LENGTH = 40;
    private static final int IFREQ_FLAGS = 16;

    private final EmulatorLibc libc;
    private final String namespace;
    private final String name;
    private final MemorySegment argument = Arena.ofAuto().allocate(IFREQ_LENGTH);
    private int fd = -1;
    private long refused;

    /// An end that is not open yet.
    Tap(EmulatorLibc libc, String namespace, String name) {
        this.libc = libc;
        this.namespace = namespace;
        this.name = name;
    }

    /// Creates the interface. A thread of its own enters the namespace for it, so that no other thread of this
    /// process ever leaves home.
    void open() {
        fd = NamespaceThread.call(libc, namespace, this::openInside);
    }

    private int openInside() {
        int tun = check(libc.open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC), "open /dev/net/tun");
        argument.fill((byte) 0);
        argument.setString(0, name);
        argument.set(ValueLayout.JAVA_SHORT, IFREQ_FLAGS, (short) (IFF_TAP | IFF_NO_PI));
        if (libc.ioctl(tun, TUNSETIFF, argument.address()) < 0) {
            int error = EmulatorLibc.lastError();
            libc.close(tun);
            throw new IllegalStateException("TUNSETIFF " + name + " in " + namespace + ": errno " + error);
        }
        return tun;
    }

    /// The descriptor to poll, or -1 when closed, which `poll` ignores.
    int fd() {
        return fd;
    }

    /// Frames the kernel would not take, because the interface is down or was being removed.
    long refused() {
        return refused;
    }

    /// Reads one frame.
    ///
    /// @return its length, 0 if there is none now, -1 if the interface is gone
    int read(long address, int capacity) {
        while (true) {
            long length = libc.read(fd, address, capacity);
            if (length >= 0) {
                return (int) length;
            }
            int error = EmulatorLibc.lastError();
            if (error == EINTR) {
                continue;
            }
            return error == EAGAIN || error == EIO ? 0 : -1;
        }
    }

    /// Writes one frame; what the kernel refuses is lost, as at a port without a cable.
    void write(long address, int length) {
        if (fd >= 0 && libc.write(fd, address, length) < 0) {
            refused++;
        }
    }

    /// Plugs or unplugs the cable: without carrier the interface shows `NO-CARRIER`.
    void carrier(boolean on) {
        argument.set(ValueLayout.JAVA_INT, 0, on ? 1 : 0);
        check(libc.ioctl(fd, TUNSETCARRIER, argument.address()), "TUNSETCARRIER " + name);
    }

    /// Removes the interface.
    @Override
    public void close() {
        if (fd >= 0) {
            libc.close(fd);
            fd = -1;
        }
    }

    private static int check(int result, String call) {
        if (result < 0) {
            throw new IllegalStateException(call + ": errno " + EmulatorLibc.lastError());
        }
        return result;
    }
}
