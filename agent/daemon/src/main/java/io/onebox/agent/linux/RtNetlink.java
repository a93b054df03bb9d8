package io.onebox.agent.linux;

import static io.onebox.agent.linux.RtNetlinkCode.*;

import io.onebox.agent.linux.RtNetlinkEntry.NetAddress;
import io.onebox.agent.linux.RtNetlinkEntry.NetInterface;
import io.onebox.agent.linux.RtNetlinkEntry.NetRoute;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The kernel's network configuration, read and changed over rtnetlink. Every call waits for the kernel's
/// answer, which comes at once. Thread safe.
///
/// Changes need `CAP_NET_ADMIN`. What the kernel refuses is a [LinuxException] with its own words.
public final class RtNetlink implements AutoCloseable {

    /// Who made our routes and rules: the `o` of onebox. Free in `/etc/iproute2/rt_protos`.
    public static final int PROTOCOL = 'o';

    /// The routing table `main`.
    public static final int MAIN_TABLE = 254;

    /// The routing table `default`.
    public static final int DEFAULT_TABLE = 253;

    /// A dump is repeated if the configuration changes meanwhile, this many times. A guess.
    private static final int DUMP_ATTEMPTS = 8;

    private static final int ERROR_BODY = HEADER_LENGTH + Integer.BYTES;

    private final RtNetlinkSocket socket;
    private int sequence;

    public RtNetlink(Libc libc) {
        this.socket = new RtNetlinkSocket(libc, 0, 0);
    }

    /// All interfaces.
    public List<NetInterface> interfaces() {
        return dump(RTM_GETLINK, NetInterface.class);
    }

    /// All addresses of both families.
    public List<NetAddress> addresses() {
        return dump(RTM_GETADDR, NetAddress.class);
    }

    /// All routes of all tables, of both families.
    public List<NetRoute> routes() {
        return dump(RTM_GETROUTE, NetRoute.class);
    }

    /// All rules of both families, in the order the kernel asks them.
    public List<NetRule> rules() {
        return dump(RTM_GETRULE, NetRule.class);
    }

    /// The interface of this name.
    public Optional<NetInterface> findInterface(String name) {
        return interfaces().stream().filter(found -> found.name().equals(name)).findFirst();
    }

    /// Sets an interface up.
    public void up(NetInterface changed) {
        change("set up", changed.name(), RtNetlinkRequest.setFlags(changed.index(), IFF_UP, IFF_UP));
    }

    /// Sets an interface down.
    public void down(NetInterface changed) {
        change("set down", changed.name(), RtNetlinkRequest.setFlags(changed.index(), 0, IFF_UP));
    }

    /// Sets the largest packet an interface takes.
    public void mtu(NetInterface changed, int mtuBytes) {
        change("set mtu " + mtuBytes, changed.name(), RtNetlinkRequest.setNumber(changed.index(), IFLA_MTU, mtuBytes));
    }

    /// Sets the largest super-packet the kernel hands to an interface.
    public void gsoMaxSize(NetInterface changed, int lengthBytes) {
        change(
                "set gso_max_size " + lengthBytes,
                changed.name(),
                RtNetlinkRequest.setNumber(changed.index(), IFLA_GSO_MAX_SIZE, lengthBytes));
    }

    /// Gives an address to an interface; harmless if it has it already.
    public void add(NetInterface changed, Cidr address) {
        change("add address " + address, changed.name(), RtNetlinkRequest.addAddress(changed.index(), address));
    }

    /// Takes an address away.
    public void remove(NetInterface changed, Cidr address) {
        change("remove address " + address, changed.name(), RtNetlinkRequest.removeAddress(changed.index(), address));
    }

    public void add(NetRoute route) {
        change("add route", text(route), RtNetlinkRequest.addRoute(route));
    }

    public void remove(NetRoute route) {
        change("remove route", text(route), RtNetlinkRequest.removeRoute(route));
    }

    public void add(NetRule rule) {
        change("add rule", text(rule), RtNetlinkRequest.addRule(rule));
    }

    public void remove(NetRule rule) {
        change("remove rule", text(rule), RtNetlinkRequest.removeRule(rule));
    }

    @Override
    public synchronized void close() {
        socket.close();
    }

    private synchronized <T extends RtNetlinkEntry> List<T> dump(int type, Class<T> entries) {
        for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
            List<T> found = new ArrayList<>();
            socket.send(RtNetlinkRequest.dump(type).finish(++sequence));
            if (!collect(entries, found)) {
                return List.copyOf(found);
            }
        }
        throw new LinuxException(
                "rtnetlink", "dump", Errno.EBUSY, "the network configuration changes faster than it can be read");
    }

    /// Reads the answer to a dump. Returns whether it was interrupted by a change and has to be repeated.
    private <T extends RtNetlinkEntry> boolean collect(Class<T> entries, List<T> found) {
        boolean isInterrupted = false;
        while (true) {
            ByteBuffer datagram = answer("dump");
            while (RtNetlinkSocket.hasMessage(datagram)) {
                ByteBuffer message = RtNetlinkSocket.next(datagram);
                if (message.getInt(8) != sequence) {
                    continue;
                }
                int type = message.getShort(4);
                isInterrupted |= (message.getShort(6) & NLM_F_DUMP_INTR) != 0;
                if (type == NLMSG_DONE) {
                    return isInterrupted;
                }
                if (type == NLMSG_ERROR) {
                    fail("dump", entries.getSimpleName(), message);
                }
                RtNetlinkDecoder.decode(type, body(message))
                        .map(RtNetlinkMessage::entry)
                        .filter(entries::isInstance)
                        .ifPresent(entry -> found.add(entries.cast(entry)));
            }
        }
    }

    private synchronized void change(String action, String object, RtNetlinkRequest request) {
        socket.send(request.finish(++sequence));
        while (true) {
            ByteBuffer datagram = answer(action);
            while (RtNetlinkSocket.hasMessage(datagram)) {
                ByteBuffer message = RtNetlinkSocket.next(datagram);
                if (message.getInt(8) != sequence || message.getShort(4) != NLMSG_ERROR) {
                    continue;
                }
                if (message.getInt(HEADER_LENGTH) != 0) {
                    fail(action, object, message);
                }
                return;
            }
        }
    }

    private ByteBuffer answer(String action) {
        ByteBuffer datagram = socket.receive();
        if (!datagram.hasRemaining()) {
            throw new LinuxException("rtnetlink", action, Errno.EAGAIN, "the kernel does not answer");
        }
        return datagram;
    }

    /// `struct nlmsgerr`: negative errno, header of the request, its body unless capped, then attributes.
    private static void fail(String action, String object, ByteBuffer message) {
        int errno = -message.getInt(HEADER_LENGTH);
        int flags = message.getShort(6);
        String words = "";
        if ((flags & NLM_F_ACK_TLVS) != 0) {
            int request = (flags & NLM_F_CAPPED) != 0 ? HEADER_LENGTH : align(message.getInt(ERROR_BODY));
            message.position(Math.min(ERROR_BODY + request, message.limit()));
            Map<Integer, ByteBuffer> attributes = RtNetlinkDecoder.attributes(message);
            ByteBuffer told = attributes.get(NLMSGERR_ATTR_MSG);
            words = told == null ? "" : "; the kernel says: " + RtNetlinkDecoder.text(told);
        }
        throw new LinuxException("rtnetlink " + action, object, errno, remedy(errno) + words);
    }

    private static String remedy(int errno) {
        if (errno == Errno.EPERM) {
            return "the agent needs CAP_NET_ADMIN; run it as root";
        }
        if (errno == Errno.EACCES) {
            return "is IPv6 switched off on this interface (net.ipv6.conf.*.disable_ipv6)?";
        }
        if (errno == Errno.EEXIST) {
            return "it exists already; another program made it";
        }
        if (errno == Errno.ENODEV || errno == Errno.ENXIO) {
            return "the interface is gone";
        }
        return "the kernel refused it";
    }

    static ByteBuffer body(ByteBuffer message) {
        return message.slice(HEADER_LENGTH, message.limit() - HEADER_LENGTH).order(message.order());
    }

    private static String text(NetRoute route) {
        return "%s table %d".formatted(route.destination(), route.table());
    }

    private static String text(NetRule rule) {
        return "%s %d".formatted(rule.family(), rule.priority());
    }
}
