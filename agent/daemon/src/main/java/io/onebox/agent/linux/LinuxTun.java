package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.onebox.agent.dataplane.DeviceCounters;
import io.onebox.agent.dataplane.DeviceDrop;
import io.onebox.agent.dataplane.PacketHandler;
import io.onebox.agent.dataplane.TunDevice;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.path.Shard;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// A TUN interface of the kernel. One read may bring 64 KiB of a flow, which [Segmenter] cuts into packets; packets
/// to it are joined by [Coalescer] and written with the next flush.
///
/// The kernel is asked for all of [TunOffload]; what it lacks costs speed, not function.
///
/// Exists as long as this object is open; the kernel removes it with the descriptor, also after `kill -9`.
public final class LinuxTun implements TunDevice {

    /// Largest MTU: what a [Packet] holds behind its headroom, with room for padding and a tag.
    public static final int MAX_MTU = 1_700;

    private static final String DEVICE = "/dev/net/tun";

    private static final String NEEDS_RIGHT = "the agent needs CAP_NET_ADMIN; run it as root or by its systemd unit";

    private static final int TUNSETIFF = 0x400454ca;
    private static final int IFF_TUN = 0x0001;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;
    private static final int IFF_MULTI_QUEUE = 0x0100;

    /// Not if it exists already, which a queue that others may join would not tell.
    private static final int IFF_TUN_EXCL = 0x8000;
    private static final int TUNSETOFFLOAD = 0x400454d0;

    /// The interface was deleted (EBADFD).
    private static final int EBADFD = 77;

    /// Packets the kernel keeps for us. Its own 500 overflow in a few milliseconds of a download that starts
    /// while the agent waits for a core, and a ping is dropped among them: 1,030 packets in one start of a flow
    /// over 70 Mbit/s (measured, 2026-11-25, 2 cores). The flow queue of the engine is what keeps delays short.
    private static final int KERNEL_QUEUE_PACKETS = 4_096;

    private final Libc libc;
    private final int fd;
    private final InterfaceRequest request;
    private final String name;
    private final int interfaceIndex;
    private final Set<TunOffload> offloads;
    private final DeviceCounters counters = new DeviceCounters();
    private final Segmenter segmenter;
    private final Coalescer coalescer;
    private boolean closed;

    private LinuxTun(Libc libc, int fd, InterfaceRequest request) {
        this.libc = libc;
        this.fd = fd;
        this.request = request;
        this.name = request.name();
        this.interfaceIndex = request.interfaceIndex();
        this.offloads = TunOffload.enable(flags -> libc.ioctl(fd, TUNSETOFFLOAD, flags) >= 0);
        Arena arena = LazyArena.ofAuto(libc);
        this.segmenter = new Segmenter(arena, counters);
        this.coalescer = new Coalescer(arena, offloads.contains(TunOffload.UDP), this::write);
    }

    /// Creates the interface `name`, or one with a free name if `name` is a pattern such as `onebox%d`.
    ///
    /// @throws LinuxException if TUN is missing, forbidden, or the name is taken
    public static LinuxTun open(Libc libc, String name) {
        return open(libc, name, Shard.ONLY);
    }

    /// Opens a queue for a shard: the first creates the interface, the others join it. The kernel hands a packet to the
    /// queue that the last packet of its flow was written to, or any.
    ///
    /// @throws LinuxException if TUN is missing, forbidden, or the name is taken
    public static LinuxTun open(Libc libc, String name, Shard shard) {
        int fd = libc.open(DEVICE, Libc.O_RDWR | Libc.NONBLOCK | Libc.CLOEXEC);
        if (fd < 0) {
            throw cannotOpen(Errno.last());
        }
        try {
            var request = new InterfaceRequest(libc, name);
            int sharing = shard.count() == 1 ? 0 : shard.isDoor() ? IFF_MULTI_QUEUE | IFF_TUN_EXCL : IFF_MULTI_QUEUE;
            request.flags(IFF_TUN | IFF_NO_PI | IFF_VNET_HDR | sharing);
            if (libc.ioctl(fd, TUNSETIFF, request.address()) < 0) {
                throw cannotCreate(name, Errno.last());
            }
            request.queue(KERNEL_QUEUE_PACKETS);
            return new LinuxTun(libc, fd, request);
        } catch (RuntimeException e) {
            libc.close(fd);
            throw e;
        }
    }

    private static LinuxException cannotOpen(int errno) {
        if (errno == Errno.EPERM || errno == Errno.EACCES) {
            return new LinuxException("open", DEVICE, errno, NEEDS_RIGHT);
        }
        if (errno == Errno.ENOENT || errno == Errno.ENODEV || errno == Errno.ENXIO) {
            return new LinuxException(
                    "open", DEVICE, errno, "no TUN here; 'modprobe tun', or give the container " + DEVICE);
        }
        return new LinuxException("open", DEVICE, errno, "cannot open the TUN device");
    }

    private static LinuxException cannotCreate(String name, int errno) {
        if (errno == Errno.EPERM || errno == Errno.EACCES) {
            return new LinuxException("TUNSETIFF", name, errno, NEEDS_RIGHT);
        }
        if (errno == Errno.EBUSY) {
            return new LinuxException(
                    "TUNSETIFF", name, errno, "another process uses this name; choose another tunnel.interface");
        }
        return new LinuxException(
                "TUNSETIFF",
                name,
                errno,
                "not a valid name, or that of another device; choose another tunnel.interface");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public int interfaceIndex() {
        return interfaceIndex;
    }

    /// What the kernel does for us.
    public Set<TunOffload> offloads() {
        return offloads;
    }

    @Override
    public void mtu(int mtuBytes) {
        if (mtuBytes > MAX_MTU) {
            throw new IllegalArgumentException("mtu must be at most " + MAX_MTU + ", was " + mtuBytes);
        }
        request.mtu(mtuBytes);
    }

    @Override
    public int receive(PacketPool pool, PacketHandler handler, long nowNs, int limit) {
        int count = 0;
        while (count < limit && pool.available() > 0) {
            long length = libc.read(fd, segmenter.buffer().address(), Segmenter.CAPACITY);
            if (length > 0) {
                count += segmenter.split((int) length, pool, handler, nowNs);
            } else if (length == 0 || !isRetry(Errno.last())) {
                return count;
            }
        }
        return count;
    }

    /// Whether to read again at once.
    private boolean isRetry(int errno) {
        if (errno == Errno.EAGAIN || errno == Errno.EIO) {
            return false;
        }
        if (errno == Errno.EINTR) {
            return true;
        }
        throw failed("read", errno);
    }

    @Override
    public void send(Packet packet) {
        coalescer.add(packet);
    }

    @Override
    public void flush() {
        coalescer.flush();
    }

    private void write(IoVector vector, int packets) {
        if (libc.writev(fd, vector.address(0), vector.count()) < 0) {
            onWriteError(Errno.last(), packets);
        } else {
            counters.onSent(packets);
        }
    }

    private void onWriteError(int errno, int packets) {
        if (errno == EBADFD) {
            throw failed("write", errno);
        }
        DeviceDrop reason = errno == Errno.EAGAIN || errno == Errno.ENOBUFS || errno == Errno.ENOMEM
                ? DeviceDrop.QUEUE_FULL
                : errno == Errno.EIO ? DeviceDrop.LINK_BROKEN : DeviceDrop.FAILED;
        counters.onDropped(reason, packets);
    }

    private LinuxException failed(String call, int errno) {
        return new LinuxException(
                call,
                name,
                errno,
                errno == EBADFD ? "the interface was deleted; the agent must start anew" : "the TUN device failed");
    }

    @Override
    public DeviceCounters counters() {
        return counters;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            coalescer.clear();
            libc.close(fd);
        }
    }

    /// `struct ifreq` and the calls that take one.
    ///
    /// ```
    ///   0               16                             40
    ///   +----------------+------------------------------+
    ///   | name, 0 at end | flags (2), or a number (4)   |
    ///   +----------------+------------------------------+
    /// ```
    private static final class InterfaceRequest {

        private static final int NAME_LENGTH = 16;
        private static final int VALUE_OFFSET = NAME_LENGTH;
        private static final int LENGTH = 40;
        private static final int SIOCSIFMTU = 0x8922;
        private static final int SIOCGIFINDEX = 0x8933;
        private static final int SIOCSIFTXQLEN = 0x8943;

        private final Libc libc;
        private final MemorySegment segment = Arena.ofAuto().allocate(LENGTH, Long.BYTES);

        InterfaceRequest(Libc libc, String name) {
            byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
            if (bytes.length == 0 || bytes.length >= NAME_LENGTH) {
                throw new LinuxException(
                        "TUNSETIFF", "'" + name + "'", Errno.EINVAL, "an interface name has 1 to 15 characters");
            }
            this.libc = libc;
            MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
        }

        long address() {
            return segment.address();
        }

        String name() {
            return segment.getString(0, StandardCharsets.US_ASCII);
        }

        void flags(int flags) {
            segment.set(JAVA_SHORT, VALUE_OFFSET, (short) flags);
        }

        void mtu(int mtuBytes) {
            segment.set(JAVA_INT, VALUE_OFFSET, mtuBytes);
            call("SIOCSIFMTU", SIOCSIFMTU, "the kernel refuses an MTU of " + mtuBytes);
        }

        void queue(int packets) {
            segment.set(JAVA_INT, VALUE_OFFSET, packets);
            call("SIOCSIFTXQLEN", SIOCSIFTXQLEN, "the kernel refuses a queue of " + packets + " packets");
        }

        int interfaceIndex() {
            call("SIOCGIFINDEX", SIOCGIFINDEX, "the interface vanished");
            return segment.get(JAVA_INT, VALUE_OFFSET);
        }

        private void call(String what, int request, String remedy) {
            int socket = libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.CLOEXEC, 0);
            if (socket < 0) {
                throw new LinuxException("socket", "AF_UNIX", Errno.last(), "cannot make a socket");
            }
            int result = libc.ioctl(socket, request, address());
            int errno = result < 0 ? Errno.last() : 0;
            libc.close(socket);
            if (result < 0) {
                throw new LinuxException(what, name(), errno, remedy);
            }
        }
    }
}
