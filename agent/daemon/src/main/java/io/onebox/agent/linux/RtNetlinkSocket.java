package io.onebox.agent.linux;

import static io.onebox.agent.linux.RtNetlinkCode.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// An rtnetlink socket with its buffer. Belongs to one thread at a time.
final class RtNetlinkSocket implements AutoCloseable {

    /// The kernel fills dump buffers up to 32 KiB (`netlink_dump` in net/netlink/af_netlink.c).
    private static final int BUFFER_LENGTH = 64 * 1024;

    /// Room for some thousand notifications. A guess; an overrun is found out and mended.
    private static final int RECEIVE_BUFFER_LENGTH = 1024 * 1024;

    /// `struct sockaddr_nl`: family, pad, port, groups.
    private static final int ADDRESS_LENGTH = 12;

    /// `struct timeval` of two longs.
    private static final int TIMEVAL_LENGTH = 16;

    /// The kernel answers at once; a guess that saves us from waiting for ever.
    private static final long ANSWER_SECONDS = 5;

    private static final int NETLINK_ROUTE = 0;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int SO_RCVTIMEO = 20;

    private final Libc libc;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(BUFFER_LENGTH, Long.BYTES);
    private final int fd;

    /// @param groups multicast groups to hear, as bits
    /// @param socketFlags [Libc#NONBLOCK] or 0
    RtNetlinkSocket(Libc libc, int groups, int socketFlags) {
        this.libc = libc;
        this.fd = libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.CLOEXEC | socketFlags, NETLINK_ROUTE);
        check("socket", fd);
        setOption(SOL_NETLINK, NETLINK_EXT_ACK, 1);
        setOption(Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, RECEIVE_BUFFER_LENGTH);
        memory.set(JAVA_LONG, 0, ANSWER_SECONDS);
        memory.set(JAVA_LONG, Long.BYTES, 0);
        libc.setsockopt(fd, Libc.SOL_SOCKET, SO_RCVTIMEO, memory.address(), TIMEVAL_LENGTH);
        memory.fill((byte) 0);
        memory.set(JAVA_SHORT, 0, (short) Libc.AF_NETLINK);
        memory.set(JAVA_INT, 8, groups);
        check("bind", libc.bind(fd, memory.address(), ADDRESS_LENGTH));
    }

    int fd() {
        return fd;
    }

    /// Sends a finished request.
    void send(ByteBuffer request) {
        int length = request.remaining();
        memory.asByteBuffer().put(request);
        check("send", libc.send(fd, memory.address(), length, 0));
    }

    /// One datagram of messages, valid until the next call, in native byte order. Empty if there is none yet.
    ///
    /// @throws LinuxException with `ENOBUFS` if messages were lost
    ByteBuffer receive() {
        while (true) {
            long length = libc.recv(fd, memory.address(), BUFFER_LENGTH, 0);
            if (length >= 0) {
                return memory.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder());
            }
            int errno = Errno.last();
            if (errno == Errno.EAGAIN) {
                return ByteBuffer.allocate(0);
            }
            if (errno != Errno.EINTR) {
                throw new LinuxException("recv", "rtnetlink socket", errno, "the kernel's answer did not arrive");
            }
        }
    }

    /// Cuts the next message off a datagram: moves its position behind it. Returns nothing useful at the end: ask
    /// [#hasMessage] first.
    static ByteBuffer next(ByteBuffer datagram) {
        int start = datagram.position();
        int length = datagram.getInt(start);
        ByteBuffer message = datagram.slice(start, length).order(ByteOrder.nativeOrder());
        datagram.position(Math.min(start + align(length), datagram.limit()));
        return message;
    }

    /// Whether a whole message is left in a datagram.
    static boolean hasMessage(ByteBuffer datagram) {
        if (datagram.remaining() < HEADER_LENGTH) {
            return false;
        }
        int length = datagram.getInt(datagram.position());
        return length >= HEADER_LENGTH && length <= datagram.remaining();
    }

    @Override
    public void close() {
        libc.close(fd);
        arena.close();
    }

    private void setOption(int level, int option, int value) {
        memory.set(JAVA_INT, 0, value);
        libc.setsockopt(fd, level, option, memory.address(), Integer.BYTES);
    }

    private void check(String call, long result) {
        if (result < 0) {
            int errno = Errno.last();
            String remedy = errno == Errno.EAFNOSUPPORT
                    ? "the service may open AF_NETLINK sockets only if its sandbox allows it"
                    : "the kernel refused a netlink socket";
            throw new LinuxException(call, "rtnetlink socket", errno, remedy);
        }
    }
}
