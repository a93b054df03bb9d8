package io.onebox.agent.linux;

import jnr.ffi.LibraryLoader;

/// The C library, as far as we call it. Load it once, in `main`, and pass it on.
///
/// Addresses are `long`s: native memory owned by the caller, who keeps the [MemorySegment] in a field as long
/// as the kernel may look at it. A result below zero means that [Errno#last] says why; ask before the
/// next call. jffi compiles direct stubs, at 4 to 8 ns a call (measured 22 Nov 2026, `native-io.md`, section 3), but
/// no call may take more than five arguments: the sixth arrives as garbage (seen with jffi 1.4.3 on
/// x86-64, 23 Nov 2026: the address length of `sendto`).
///
/// Numbers of options, flags and requests are those of Linux on x86-64 and aarch64, which share
/// `asm-generic`. Structs are 64-bit, little endian.
@SuppressWarnings("MemberName") // The names are the C library's.
public interface Libc {

    /// `AF_INET`.
    int AF_INET = 2;

    /// `AF_INET6`.
    int AF_INET6 = 10;

    /// `AF_NETLINK`.
    int AF_NETLINK = 16;

    /// `AF_UNIX`.
    int AF_UNIX = 1;

    /// `SOCK_DGRAM`.
    int SOCK_DGRAM = 2;

    /// `SOCK_RAW`.
    int SOCK_RAW = 3;

    /// `SOCK_NONBLOCK` and `O_NONBLOCK`.
    int NONBLOCK = 0x800;

    /// `SOCK_CLOEXEC` and `O_CLOEXEC`.
    int CLOEXEC = 0x80000;

    /// `O_RDWR`.
    int O_RDWR = 2;

    /// `MSG_DONTWAIT`.
    int MSG_DONTWAIT = 0x40;

    /// `MSG_TRUNC`.
    int MSG_TRUNC = 0x20;

    /// `MSG_CTRUNC`.
    int MSG_CTRUNC = 0x08;

    /// `MSG_NOSIGNAL`.
    int MSG_NOSIGNAL = 0x4000;

    /// `SOL_SOCKET`.
    int SOL_SOCKET = 1;

    /// `SO_RCVBUF`.
    int SO_RCVBUF = 8;

    /// `SO_SNDBUF`.
    int SO_SNDBUF = 7;

    /// `SO_SNDBUFFORCE`.
    int SO_SNDBUFFORCE = 32;

    /// `SO_RCVBUFFORCE`.
    int SO_RCVBUFFORCE = 33;

    /// `SO_BINDTODEVICE`.
    int SO_BINDTODEVICE = 25;

    /// `SO_MARK`.
    int SO_MARK = 36;

    /// `CLOCK_REALTIME`.
    int CLOCK_REALTIME = 0;

    /// `CLOCK_MONOTONIC`.
    int CLOCK_MONOTONIC = 1;

    /// Loads the C library. Call once.
    static Libc load() {
        return LibraryLoader.create(Libc.class).load("c");
    }

    int open(String path, int flags);

    int close(int fd);

    long read(int fd, long buffer, long length);

    long write(int fd, long buffer, long length);

    long readv(int fd, long vector, int count);

    long writev(int fd, long vector, int count);

    int ioctl(int fd, long request, long argument);

    int socket(int domain, int type, int protocol);

    int bind(int fd, long address, int length);

    int connect(int fd, long address, int length);

    /// `length` is the address of an `int`.
    int getsockname(int fd, long address, long length);

    int setsockopt(int fd, int level, int option, long value, int length);

    /// `length` is the address of an `int`.
    int getsockopt(int fd, int level, int option, long value, long length);

    long send(int fd, long buffer, long length, int flags);

    long recv(int fd, long buffer, long length, int flags);

    long sendmsg(int fd, long message, int flags);

    long recvmsg(int fd, long message, int flags);

    int sendmmsg(int fd, long messages, int count, int flags);

    int recvmmsg(int fd, long messages, int count, int flags, long timeout);

    int poll(long fds, long count, int timeoutMs);

    /// `time` is the address of a `struct timespec`.
    int clock_gettime(int clock, long time);

    int timerfd_create(int clock, int flags);

    int timerfd_settime(int fd, int flags, long newValue, long oldValue);

    int unshare(int flags);

    long calloc(long count, long size);

    void free(long address);
}
