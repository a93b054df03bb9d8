package io.onebox.agent.linux;

import io.onebox.agent.dataplane.DeviceCounters;
import io.onebox.agent.dataplane.DeviceDrop;
import io.onebox.agent.dataplane.LinkSocketConfig;
import io.onebox.agent.dataplane.PacketHandler;
import io.onebox.agent.dataplane.PathSocket;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A UDP socket for IPv4 and IPv6 that receives and sends in batches.
///
/// It keeps [#BATCH] packets of the pool ready to receive into. A datagram that comes while the pool has no
/// replacement is dropped and counted, so that the descriptor never stays readable.
public final class LinuxPathSocket implements PathSocket {

    /// Datagrams per system call. A guess: larger batches gain little in `native-io.md`, section 3.
    public static final int BATCH = 64;

    private static final int ROOM = Packet.CAPACITY - Packet.HEADROOM;

    private final Libc libc;
    private final BoundSocket socket;
    private final AddressFormat addresses;
    private final int link;
    private final PacketPool pool;
    private final DeviceCounters counters = new DeviceCounters();
    private final Arena arena = Arena.ofShared();
    private final MessageVector incoming = new MessageVector(arena, BATCH);
    private final MessageVector outgoing = new MessageVector(arena, BATCH);
    private final @Nullable Packet[] ready = new Packet[BATCH];
    private final @Nullable Packet[] queued = new Packet[BATCH];
    private int queuedCount;
    private int linkError = NO_ERROR;
    private boolean closed;

    private LinuxPathSocket(Libc libc, BoundSocket socket, int link, PacketPool pool) {
        this.libc = libc;
        this.socket = socket;
        this.addresses = socket.addresses();
        this.link = link;
        this.pool = pool;
        for (int i = 0; i < BATCH; i++) {
            addresses.prepare(outgoing, i);
            Packet packet = pool.acquire();
            if (packet == null) {
                throw new IllegalStateException("the packet pool is too small for one more socket");
            }
            makeReady(i, packet);
        }
    }

    /// Opens and binds the socket of a link: for both families, or for IPv4 if the kernel has no IPv6.
    ///
    /// @param pool where the packets come from that are received into; the engine's
    /// @throws LinuxException if the interface is gone, the port busy or a right is missing
    public static LinuxPathSocket open(Libc libc, LinkSocketConfig config, PacketPool pool) {
        return open(libc, config, pool, new Ipv6Addresses(), new Ipv4Addresses());
    }

    /// Opens and binds the socket of a link, in the first family that the kernel has.
    static LinuxPathSocket open(Libc libc, LinkSocketConfig config, PacketPool pool, AddressFormat... families) {
        if (pool.available() < BATCH) {
            throw new IllegalStateException("the packet pool is too small for one more socket: " + pool.available());
        }
        return new LinuxPathSocket(
                libc, BoundSocket.open(libc, config, families), config.link().id(), pool);
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
        int wanted = Math.min(limit, BATCH);
        for (int i = 0; i < wanted; i++) {
            incoming.lengths(i, addresses.nameLength(), MessageVector.CONTROL_ROOM);
        }
        int received = libc.recvmmsg(socket.fd(), incoming.address(0), wanted, Libc.MSG_DONTWAIT, 0);
        if (received < 0) {
            onReceiveError(Errno.last());
            return 0;
        }
        for (int i = 0; i < received; i++) {
            onMessage(i, handler, nowNs);
        }
        return received;
    }

    private void onMessage(int index, PacketHandler handler, long nowNs) {
        if ((incoming.flags(index) & Libc.MSG_TRUNC) != 0) {
            counters.onDropped(DeviceDrop.TRUNCATED, 1);
            return;
        }
        Packet replacement = pool.acquire();
        Packet packet = ready[index];
        if (replacement == null || packet == null) {
            counters.onDropped(DeviceDrop.POOL_EMPTY, 1);
            return;
        }
        packet.content(Packet.HEADROOM, incoming.length(index));
        packet.link(link);
        addresses.read(incoming, index, packet);
        makeReady(index, replacement);
        counters.onReceived();
        handler.onPacket(packet, nowNs);
    }

    private void makeReady(int index, Packet packet) {
        ready[index] = packet;
        incoming.buffer(index, packet.address() + Packet.HEADROOM, ROOM);
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
        if (queuedCount == BATCH) {
            sendQueued();
        }
        outgoing.buffer(queuedCount, datagram.address() + datagram.offset(), datagram.length());
        addresses.write(outgoing, queuedCount, datagram);
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
    /// dropped, except for one retry of each without its local address.
    private void sendQueued() {
        int next = 0;
        while (next < queuedCount) {
            int sent = libc.sendmmsg(socket.fd(), outgoing.address(next), queuedCount - next, Libc.MSG_DONTWAIT);
            if (sent > 0) {
                counters.onSent(sent);
                next += sent;
            } else {
                next += onSendError(next, sent < 0 ? Errno.last() : Errno.EIO);
            }
        }
        for (int i = 0; i < queuedCount; i++) {
            Packet packet = queued[i];
            queued[i] = null;
            if (packet != null) {
                packet.release();
            }
        }
        queuedCount = 0;
    }

    /// Returns how many datagrams to give up.
    private int onSendError(int index, int errno) {
        if (errno == Errno.EINTR) {
            return 0;
        }
        if (outgoing.controlLength(index) > 0 && (errno == Errno.EINVAL || isLinkError(errno))) {
            // Perhaps only the local address is gone; let the kernel choose another.
            outgoing.lengths(index, addresses.nameLength(), 0);
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
        releaseAll(ready);
        releaseAll(queued);
        queuedCount = 0;
        arena.close();
    }

    private static void releaseAll(@Nullable Packet[] packets) {
        for (Packet packet : packets) {
            if (packet != null) {
                packet.release();
            }
        }
        Arrays.fill(packets, null);
    }
}
