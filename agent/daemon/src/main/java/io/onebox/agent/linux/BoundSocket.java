package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.onebox.agent.dataplane.LinkSocketConfig;
import io.onebox.engine.path.Shard;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A UDP socket with its options set, bound to its port: dual-stack, or IPv4 where the kernel has no IPv6.
///
/// It never fragments and ignores what routers say about the MTU: the engine searches it with probes.
///
/// @param port the one it is bound to
/// @param offloads what the kernel does for it
record BoundSocket(Libc libc, int fd, int port, AddressFormat addresses, Set<UdpOffload> offloads, String name) {

    /// Room for 20 ms at 1 Gbit/s; the engine paces, so only bursts wait here. A guess.
    private static final int SEND_BUFFER_BYTES = 2 << 20;

    /// Room for datagrams while we do something else, such as a garbage collection of 30 ms at 1 Gbit/s. A guess.
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

    /// `IP_PMTUDISC_PROBE` and `IPV6_PMTUDISC_PROBE`: set DF, ignore what the path says.
    private static final int PMTUDISC_PROBE = 3;

    private static final int SO_REUSEPORT = 15;
    private static final Logger log = LoggerFactory.getLogger(BoundSocket.class);
    private static final int PORT_OFFSET = 2;
    private static final int NAME_LENGTH_OFFSET = MessageVector.NAME_ROOM;
    private static final int SCRATCH_LENGTH = NAME_LENGTH_OFFSET + Integer.BYTES;

    /// Opens the socket of a link in the first of some families that the kernel has.
    static BoundSocket open(Libc libc, LinkSocketConfig config, Shard shard, AddressFormat... families) {
        for (AddressFormat addresses : families) {
            int fd = libc.socket(addresses.family(), Libc.SOCK_DGRAM | Libc.NONBLOCK | Libc.CLOEXEC, 0);
            if (fd >= 0) {
                return bind(libc, fd, config, shard, addresses);
            }
            if (Errno.last() != Errno.EAFNOSUPPORT) {
                break;
            }
        }
        throw new LinuxException(
                "socket",
                "UDP socket of " + config.link().name(),
                Errno.last(),
                "cannot make a socket; see 'ulimit -n'");
    }

    private static BoundSocket bind(Libc libc, int fd, LinkSocketConfig config, Shard shard, AddressFormat addresses) {
        String name = "UDP socket of " + config.link().name();
        try (Arena arena = Arena.ofConfined()) {
            var options = new Options(libc, fd, name, arena.allocate(SCRATCH_LENGTH, Long.BYTES));
            options.apply(config, addresses.family());
            int port = options.bind(addresses, config.localPort(), shard);
            Set<UdpOffload> offloads = UdpOffload.enable(libc, fd);
            return new BoundSocket(libc, fd, port, addresses, offloads, name + " port " + port);
        } catch (RuntimeException e) {
            libc.close(fd);
            throw e;
        }
    }

    void close() {
        libc.close(fd);
    }

    @Override
    public String toString() {
        return name;
    }

    private record Options(Libc libc, int fd, String name, MemorySegment scratch) {

        void apply(LinkSocketConfig config, int family) {
            if (family == Libc.AF_INET6) {
                set("IPV6_V6ONLY", Ipv6Addresses.SOL_IPV6, Ipv6Addresses.IPV6_V6ONLY, 0);
                set("IPV6_MTU_DISCOVER", Ipv6Addresses.SOL_IPV6, Ipv6Addresses.IPV6_MTU_DISCOVER, PMTUDISC_PROBE);
                set("IPV6_RECVPKTINFO", Ipv6Addresses.SOL_IPV6, Ipv6Addresses.IPV6_RECVPKTINFO, 1);
                set("IPV6_RECVTCLASS", Ipv6Addresses.SOL_IPV6, Ipv6Addresses.IPV6_RECVTCLASS, 1);
            } else {
                set("IP_PKTINFO", Ipv4Addresses.SOL_IP, Ipv4Addresses.IP_PKTINFO, 1);
            }
            set("IP_RECVTOS", Ipv4Addresses.SOL_IP, Ipv4Addresses.IP_RECVTOS, 1);
            set("SO_TIMESTAMPNS", Libc.SOL_SOCKET, ReceiveTime.OPTION, 1);
            set("IP_MTU_DISCOVER", Ipv4Addresses.SOL_IP, Ipv4Addresses.IP_MTU_DISCOVER, PMTUDISC_PROBE);
            buffer(Libc.SO_RCVBUFFORCE, Libc.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            buffer(Libc.SO_SNDBUFFORCE, Libc.SO_SNDBUF, SEND_BUFFER_BYTES);
            if (config.fwmark() != 0) {
                set("SO_MARK", Libc.SOL_SOCKET, Libc.SO_MARK, config.fwmark());
            }
            if (!config.boundInterface().isEmpty()) {
                bindToDevice(config.boundInterface());
            }
        }

        /// Asks for more than the system's limit, which needs a right, or else for what the limit allows.
        private void buffer(int forced, int allowed, int bytes) {
            scratch.set(JAVA_INT, 0, bytes);
            if (libc.setsockopt(fd, Libc.SOL_SOCKET, forced, scratch.address(), Integer.BYTES) < 0) {
                set("SO_RCVBUF/SO_SNDBUF", Libc.SOL_SOCKET, allowed, bytes);
            }
        }

        private void set(String what, int level, int option, int value) {
            scratch.set(JAVA_INT, 0, value);
            if (libc.setsockopt(fd, level, option, scratch.address(), Integer.BYTES) < 0) {
                throw failed("setsockopt " + what, name, "the socket cannot be set up");
            }
        }

        private void bindToDevice(String interfaceName) {
            byte[] bytes = interfaceName.getBytes(StandardCharsets.US_ASCII);
            if (bytes.length >= MessageVector.NAME_ROOM) {
                throw new LinuxException("SO_BINDTODEVICE", interfaceName, Errno.ENODEV, "no such interface");
            }
            MemorySegment.copy(bytes, 0, scratch, JAVA_BYTE, 0, bytes.length);
            if (libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, scratch.address(), bytes.length) < 0) {
                throw failed("SO_BINDTODEVICE", interfaceName, "the interface is gone");
            }
        }

        /// Binds to `port` of all addresses and returns the port bound to. The first of several shards binds before it
        /// allows others to: so it fails if somebody else has the port.
        int bind(AddressFormat addresses, int port, Shard shard) {
            if (!shard.isDoor()) {
                sharePort();
            }
            scratch.fill((byte) 0);
            scratch.set(JAVA_SHORT, 0, (short) addresses.family());
            scratch.set(JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), PORT_OFFSET, (short) port);
            if (libc.bind(fd, scratch.address(), addresses.nameLength()) < 0) {
                throw failed("bind", "UDP port " + port, "another program uses the port: 'ss -ulnp' names it");
            }
            if (shard.isDoor() && shard.count() > 1) {
                sharePort();
            }
            boolean isLast = shard.number() > 0 && shard.number() == shard.count() - 1;
            if (isLast && !SteeringFilter.attach(libc, fd, shard.count())) {
                log.atWarn()
                        .addKeyValue("socket", name)
                        .addKeyValue("cause", Errno.name(Errno.last()))
                        .log("the kernel takes no filter for shards: they hand over to each other what lands wrong");
            }
            scratch.set(JAVA_INT, NAME_LENGTH_OFFSET, addresses.nameLength());
            if (libc.getsockname(fd, scratch.address(), scratch.address() + NAME_LENGTH_OFFSET) < 0) {
                throw failed("getsockname", name, "the socket has no name");
            }
            return Short.toUnsignedInt(scratch.get(JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), PORT_OFFSET));
        }

        private void sharePort() {
            set("SO_REUSEPORT", Libc.SOL_SOCKET, SO_REUSEPORT, 1);
        }

        private static LinuxException failed(String call, String object, String remedy) {
            int errno = Errno.last();
            boolean forbidden = errno == Errno.EPERM || errno == Errno.EACCES;
            return new LinuxException(
                    call, object, errno, forbidden ? "the agent needs CAP_NET_ADMIN and CAP_NET_RAW" : remedy);
        }
    }
}
