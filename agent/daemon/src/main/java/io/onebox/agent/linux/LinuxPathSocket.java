package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.onebox.agent.dataplane.DeviceCounters;
import io.onebox.agent.dataplane.DeviceDrop;
import io.onebox.agent.dataplane.LinkSocketConfig;
import io.onebox.agent.dataplane.PacketHandler;
import io.onebox.agent.dataplane.PathSocket;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.path.Shard;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A UDP socket for IPv4 and IPv6 that receives and sends in batches.
///
/// Datagrams to one remote that follow each other and have one length leave as one, cut by the kernel or the network
/// card (`UDP_SEGMENT`); datagrams the kernel joined (`UDP_GRO`) are cut here. Without these, or where a card refuses,
/// each goes alone. A datagram that comes while the pool is empty is dropped and counted, so that the descriptor
/// never stays readable.
public final class LinuxPathSocket implements PathSocket {

    /// Messages received by one system call, each of many datagrams or one. A guess: larger batches gain little in
    /// `native-io.md`, section 3.
    private static final int MESSAGES = 32;

    /// Messages asked for in spite of the limit, lest a few large ones cost a call each.
    private static final int FEWEST_MESSAGES = 4;

    /// Bytes of a message at the most.
    private static final int MESSAGE_ROOM = 65_536;

    /// Datagrams queued at the most.
    private static final int QUEUE = 256;

    /// Datagrams the kernel cuts one message into at the most: `UDP_MAX_SEGMENTS`, which newer kernels raised to 128.
    private static final int MAX_SEGMENTS = 64;

    /// Bytes of a message at the most, with the headers of IPv6.
    private static final int MAX_MESSAGE_BYTES = 65_535 - 48;

    private static final int ROOM = Packet.CAPACITY - Packet.HEADROOM;

    private final Libc libc;
    private final BoundSocket socket;
    private final AddressFormat addresses;
    private final int link;
    private final PacketPool pool;
    private final DeviceCounters counters = new DeviceCounters();
    private final Arena arena;
    private final MemorySegment received;
    private final MessageVector incoming;
    private final MessageVector outgoing;
    private final IoVector pieces;
    private final ReceiveTime receiveTime;
    private final int[] datagramsOf = new int[QUEUE];
    private final @Nullable Packet[] queued = new Packet[QUEUE];
    private boolean segments;
    private int queuedCount;
    private int perMessage = 1;
    private int linkError = NO_ERROR;
    private boolean closed;

    private LinuxPathSocket(Libc libc, BoundSocket socket, int link, PacketPool pool) {
        this.libc = libc;
        this.socket = socket;
        this.addresses = socket.addresses();
        this.link = link;
        this.pool = pool;
        this.arena = LazyArena.ofShared(libc);
        this.received = arena.allocate((long) MESSAGES * MESSAGE_ROOM, Long.BYTES);
        this.incoming = new MessageVector(arena, MESSAGES);
        this.outgoing = new MessageVector(arena, QUEUE);
        this.pieces = new IoVector(arena, QUEUE);
        this.receiveTime = new ReceiveTime(libc, arena);
        this.segments = socket.offloads().contains(UdpOffload.UDP_SEGMENT);
        for (int i = 0; i < MESSAGES; i++) {
            incoming.buffer(i, received.address() + (long) i * MESSAGE_ROOM, MESSAGE_ROOM);
        }
        for (int i = 0; i < QUEUE; i++) {
            addresses.prepare(outgoing, i);
        }
    }

    /// Opens and binds the socket of a link: for both families, or for IPv4 if the kernel has no IPv6.
    ///
    /// @param pool where the packets come from that are received into; the engine's
    /// @throws LinuxException if the interface is gone, the port busy or a right is missing
    public static LinuxPathSocket open(Libc libc, LinkSocketConfig config, PacketPool pool) {
        return open(libc, config, pool, Shard.ONLY);
    }

    /// Opens the socket of a link for a shard. All of them have one port, and must be opened in the order of their
    /// numbers: the kernel chooses among them by what [SteeringFilter] says.
    ///
    /// @throws LinuxException as without shards
    public static LinuxPathSocket open(Libc libc, LinkSocketConfig config, PacketPool pool, Shard shard) {
        return open(libc, config, pool, shard, new Ipv6Addresses(), new Ipv4Addresses());
    }

    /// Opens and binds the socket of a link, in the first family that the kernel has.
    static LinuxPathSocket open(
            Libc libc, LinkSocketConfig config, PacketPool pool, Shard shard, AddressFormat... families) {
        return new LinuxPathSocket(
                libc,
                BoundSocket.open(libc, config, shard, families),
                config.link().id(),
                pool);
    }

    @Override
    public int link() {
        return link;
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    @Override
    public int localPort() {
        return socket.port();
    }

    @Override
    public int receive(PacketHandler handler, long nowNs, int limit) {
        int wanted = Math.clamp(limit / perMessage, FEWEST_MESSAGES, MESSAGES);
        for (int i = 0; i < wanted; i++) {
            incoming.lengths(i, addresses.nameLength(), MessageVector.CONTROL_ROOM);
        }
        int messages = libc.recvmmsg(socket.fd(), incoming.address(0), wanted, Libc.MSG_DONTWAIT, 0);
        if (messages < 0) {
            onReceiveError(Errno.last());
            return 0;
        }
        receiveTime.onBatch(nowNs);
        int datagrams = 0;
        for (int i = 0; i < messages; i++) {
            datagrams += onMessage(i, handler, nowNs);
        }
        perMessage = messages == 0 ? 1 : Math.max(1, datagrams / messages);
        return datagrams;
    }

    /// Cuts a message into datagrams, all of one length except the last, which may be shorter.
    private int onMessage(int index, PacketHandler handler, long nowNs) {
        int length = incoming.length(index);
        long joined = incoming.control(index, UdpOffload.LEVEL, UdpOffload.UDP_GRO.option(), Integer.BYTES);
        int size = joined == MessageVector.NONE ? length : incoming.controls().get(JAVA_INT, joined);
        int count = size <= 0 ? 1 : (length + size - 1) / size;
        if (size > ROOM) {
            counters.onDropped(DeviceDrop.TRUNCATED, count);
            return count;
        }
        long from = (long) index * MESSAGE_ROOM;
        long arrivalNs = receiveTime.of(incoming, index);
        for (int i = 0; i < count; i++) {
            Packet packet = pool.acquire();
            if (packet == null) {
                counters.onDropped(DeviceDrop.POOL_EMPTY, count - i);
                return count;
            }
            int done = i * size;
            packet.length(Math.min(size, length - done));
            MemorySegment.copy(received, from + done, packet.segment(), packet.offset(), packet.length());
            packet.link(link);
            packet.timeNs(arrivalNs);
            addresses.read(incoming, index, packet);
            counters.onReceived();
            handler.onPacket(packet, nowNs);
        }
        return count;
    }

    /// An error of an earlier send may be told here; the kernel clears it by telling.
    private void onReceiveError(int errno) {
        if (errno == Errno.EAGAIN || errno == Errno.EINTR) {
            return;
        }
        if (isLinkError(errno)) {
            linkError = errno;
        } else if (errno == Errno.ECONNREFUSED || errno == Errno.ENOMEM || errno == Errno.ENOBUFS) {
            counters.onDropped(reason(errno), 1);
        } else {
            throw new LinuxException("recvmmsg", socket.toString(), errno, "the socket failed");
        }
    }

    @Override
    public void send(Packet datagram) {
        if (!addresses.canReach(datagram)) {
            counters.onDropped(DeviceDrop.FAILED, 1);
            datagram.release();
            return;
        }
        if (queuedCount == QUEUE) {
            sendQueued();
        }
        queued[queuedCount++] = datagram;
    }

    @Override
    public int flush() {
        if (queuedCount > 0) {
            sendQueued();
        }
        int error = linkError;
        linkError = NO_ERROR;
        return error;
    }

    /// Sends what is queued; each call of the kernel takes at least one datagram off the queue, sent or
    /// dropped, except for one retry of each message cut by us and one of each datagram without its local address.
    private void sendQueued() {
        int next = 0;
        int aloneBelow = 0;
        while (next < queuedCount) {
            int messages = arrange(next, aloneBelow);
            int sent = libc.sendmmsg(socket.fd(), outgoing.address(0), messages, Libc.MSG_DONTWAIT);
            for (int i = 0; i < sent; i++) {
                counters.onSent(datagramsOf[i]);
                next += datagramsOf[i];
            }
            if (sent <= 0) {
                int errno = sent < 0 ? Errno.last() : Errno.EIO;
                if (datagramsOf[0] > 1 && isRefusalToCut(errno)) {
                    aloneBelow = next + datagramsOf[0];
                } else {
                    next += onSendError(next, errno);
                }
            }
        }
        releaseAll(queued, queuedCount);
        queuedCount = 0;
    }

    /// Makes messages of what is queued.
    ///
    /// @param next the first datagram
    /// @param aloneBelow datagrams before this one get a message each
    /// @return how many messages
    private int arrange(int next, int aloneBelow) {
        int messages = 0;
        pieces.clear();
        int from = next;
        while (from < queuedCount) {
            Packet first = queued(from);
            int count = segments && from >= aloneBelow ? run(from, first) : 1;
            outgoing.gather(messages, pieces, pieces.count(), count);
            for (int i = from; i < from + count; i++) {
                pieces.add(queued(i).address() + queued(i).offset(), queued(i).length());
            }
            addresses.write(outgoing, messages, first);
            if (count > 1) {
                long at = outgoing.addControl(messages, UdpOffload.LEVEL, UdpOffload.UDP_SEGMENT.option(), Short.BYTES);
                outgoing.controls().set(JAVA_SHORT, at, (short) first.length());
            }
            datagramsOf[messages++] = count;
            from += count;
        }
        return messages;
    }

    /// How many datagrams from `from` on the kernel can take as one message.
    private int run(int from, Packet first) {
        int limit =
                Math.min(Math.min(MAX_SEGMENTS, MAX_MESSAGE_BYTES / Math.max(1, first.length())), queuedCount - from);
        int count = 1;
        while (count < limit && !first.isAlone()) {
            Packet packet = queued(from + count);
            if (packet.isAlone()
                    || packet.length() > first.length()
                    || packet.length() == 0
                    || !isSameHeader(first, packet)) {
                return count;
            }
            count++;
            if (packet.length() < first.length()) {
                return count;
            }
        }
        return count;
    }

    private static boolean isSameHeader(Packet one, Packet other) {
        return one.ecn() == other.ecn()
                && one.remoteLow() == other.remoteLow()
                && one.remoteHigh() == other.remoteHigh()
                && one.remotePort() == other.remotePort()
                && one.localLow() == other.localLow()
                && one.localHigh() == other.localHigh();
    }

    private Packet queued(int index) {
        Packet packet = queued[index];
        if (packet == null) {
            throw new IllegalStateException("no datagram " + index + " of " + queuedCount);
        }
        return packet;
    }

    /// Whether the datagrams of a message may still go one by one: something is wrong with one of them, or the
    /// network card cannot do its part, which is EIO (`net/ipv4/udp.c`, `udp_send_skb`).
    private boolean isRefusalToCut(int errno) {
        segments &= errno != Errno.EIO;
        return errno != Errno.EINTR && reason(errno) != DeviceDrop.QUEUE_FULL;
    }

    /// Returns how many datagrams to give up.
    private int onSendError(int index, int errno) {
        if (errno == Errno.EINTR) {
            return 0;
        }
        Packet packet = queued(index);
        boolean choosesAddress = packet.localHigh() != 0 || packet.localLow() != 0;
        if (choosesAddress && (errno == Errno.EINVAL || isLinkError(errno))) {
            // Perhaps only the local address is gone; let the kernel choose another.
            packet.local(0, 0);
            return 0;
        }
        DeviceDrop reason = reason(errno);
        if (reason == DeviceDrop.LINK_BROKEN) {
            linkError = errno;
        }
        int dropped = reason == DeviceDrop.QUEUE_FULL ? queuedCount - index : 1;
        counters.onDropped(reason, dropped);
        return dropped;
    }

    private static DeviceDrop reason(int errno) {
        if (errno == Errno.EAGAIN || errno == Errno.ENOBUFS || errno == Errno.ENOMEM) {
            return DeviceDrop.QUEUE_FULL;
        }
        if (isLinkError(errno)) {
            return DeviceDrop.LINK_BROKEN;
        }
        if (errno == Errno.EMSGSIZE) {
            return DeviceDrop.TOO_LONG;
        }
        return errno == Errno.ECONNREFUSED || errno == Errno.EPERM || errno == Errno.EACCES
                ? DeviceDrop.REFUSED
                : DeviceDrop.FAILED;
    }

    private static boolean isLinkError(int errno) {
        return errno == Errno.ENETUNREACH
                || errno == Errno.EHOSTUNREACH
                || errno == Errno.ENETDOWN
                || errno == Errno.EHOSTDOWN
                || errno == Errno.ENODEV
                || errno == Errno.ENXIO
                || errno == Errno.EADDRNOTAVAIL;
    }

    @Override
    public DeviceCounters counters() {
        return counters;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        socket.close();
        releaseAll(queued, queuedCount);
        queuedCount = 0;
        arena.close();
    }

    private static void releaseAll(@Nullable Packet[] packets, int count) {
        for (int i = 0; i < count; i++) {
            Packet packet = packets[i];
            packets[i] = null;
            if (packet != null) {
                packet.release();
            }
        }
    }
}
