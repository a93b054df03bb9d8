package io.onebox.agent.dataplane;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.session.Outbox;
import io.onebox.engine.session.SessionEvent;
import io.onebox.engine.session.Sessions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The one thread that touches packets, without the thread: each turn takes a batch from a device through
/// the engine, does what is due, and hands the results to the kernel.
///
/// ```
///   readable device --> batch --> Sessions --> onTimer --> flush --> link errors --> next deadline
/// ```
///
/// Whoever calls waits for the devices and the deadline, and must not wait for TUN while [#wantsTun] says no:
/// packets the engine has no room for stay in the kernel. Confined to one thread; zero-allocation per
/// packet, see `DutyCycleTest`.
public final class DutyCycle implements Outbox, AutoCloseable {

    /// Packets taken from one device before the others get their turn. A guess, to be measured.
    public static final int BATCH = 64;

    /// Datagrams after which the engine may acknowledge them, as they may come by the hundred: an ACK tells of the
    /// newest 257 only, and waits for 128 at the most.
    private static final int DATAGRAMS_PER_ACK = 64;

    /// Packets kept for the engine's own messages and for sockets when TUN may take no more. A guess.
    private static final int RESERVE = 4 * BATCH;

    /// How soon to look again whether the engine takes packets from TUN, should it not say. A guess.
    private static final long TUN_RETRY_NS = 5_000_000;

    private static final int LINKS = 256;

    private final TunDevice tun;
    private final PacketPool pool;
    private final NanoClock clock;
    private final Consumer<SessionEvent> events;
    private final Neighbours neighbours;
    private final Sessions sessions;
    private final PacketHandler fromTun;
    private final PacketHandler fromPath;
    private final HandOverRing.Reader fromNeighbour = this::onNeighbour;
    private final @Nullable PathSocket[] socketOfLink = new PathSocket[LINKS];
    private final List<PathSocket> sockets = new ArrayList<>();
    private final DeviceCounters counters = new DeviceCounters();
    private boolean wantsTun = true;
    private int unacknowledged;

    /// Creates a cycle without sockets.
    ///
    /// @param pool the engine's, whose packets devices receive into
    /// @param engine makes the sessions, with this as their outbox
    /// @param events called within a turn, rarely; must return at once
    /// @param neighbours who has the sessions that this engine has not
    public DutyCycle(
            TunDevice tun,
            PacketPool pool,
            NanoClock clock,
            Function<Outbox, Sessions> engine,
            Consumer<SessionEvent> events,
            Neighbours neighbours) {
        this.tun = tun;
        this.pool = pool;
        this.clock = clock;
        this.events = events;
        this.neighbours = neighbours;
        this.sessions = engine.apply(this);
        this.fromTun = sessions::onTunPacket;
        this.fromPath = this::onDatagram;
    }

    /// The engine, for commands between turns; end them with a [#turn].
    public Sessions sessions() {
        return sessions;
    }

    /// Takes a socket into the cycle, and closes it with it. There must be none for its link.
    public void addSocket(PathSocket socket) {
        if (socketOfLink[socket.link()] != null) {
            throw new IllegalStateException("link " + socket.link() + " has a socket already");
        }
        socketOfLink[socket.link()] = socket;
        sockets.add(socket);
    }

    /// Closes the socket of a link, if there is one.
    public void removeSocket(int link) {
        PathSocket socket = socketOfLink[link];
        if (socket != null) {
            socketOfLink[link] = null;
            sockets.remove(socket);
            socket.close();
        }
    }

    /// Takes a batch from TUN.
    ///
    /// @return when to call [#turn] if nothing else happens, or `Long.MAX_VALUE`
    public long onTunReadable() {
        long nowNs = clock.nowNs();
        // Called in spite of wantsTun, it is an error of the device, which one read tells.
        tun.receive(pool, fromTun, nowNs, wantsTun ? BATCH : 1);
        return finish(nowNs);
    }

    /// Takes a batch from a socket.
    ///
    /// @return as [#onTunReadable]
    public long onSocketReadable(PathSocket socket) {
        long nowNs = clock.nowNs();
        socket.receive(fromPath, nowNs, BATCH);
        return finish(nowNs);
    }

    /// Takes a batch from each neighbour.
    ///
    /// @return as [#onTunReadable]
    public long onHandedOver() {
        long nowNs = clock.nowNs();
        neighbours.receive(fromNeighbour, nowNs, BATCH);
        return finish(nowNs);
    }

    private void onNeighbour(boolean isInner, Packet theirs, long nowNs) {
        Packet packet = isInner && !wantsTun ? null : pool.acquire();
        if (packet == null) {
            counters.onDropped(DeviceDrop.POOL_EMPTY, 1);
            return;
        }
        packet.copyFrom(theirs);
        sessions.onHandedOver(isInner, packet, nowNs);
    }

    private void onDatagram(Packet datagram, long nowNs) {
        sessions.onDatagram(datagram, nowNs);
        if (++unacknowledged == DATAGRAMS_PER_ACK) {
            unacknowledged = 0;
            sessions.onTimer(nowNs);
        }
    }

    /// Does what is due. Call at the deadline and after commands.
    ///
    /// @return as [#onTunReadable]
    public long turn() {
        return finish(clock.nowNs());
    }

    /// Whether there is room for packets from TUN. Valid until the next turn.
    public boolean wantsTun() {
        return wantsTun;
    }

    private long finish(long nowNs) {
        long dueNs = sessions.onTimer(nowNs);
        if (flush(nowNs)) {
            dueNs = sessions.onTimer(nowNs);
            flush(nowNs);
        }
        neighbours.ring();
        int room = BATCH + TunDevice.LARGEST_READ_PACKETS;
        wantsTun = pool.available() >= room + RESERVE && sessions.acceptsTunPackets(room);
        return wantsTun ? dueNs : Math.min(dueNs, nowNs + TUN_RETRY_NS);
    }

    /// Returns whether a link turned out to be broken.
    private boolean flush(long nowNs) {
        tun.flush();
        boolean broken = false;
        for (int i = 0; i < sockets.size(); i++) {
            PathSocket socket = sockets.get(i);
            if (socket.flush() != PathSocket.NO_ERROR) {
                sessions.onLinkError(socket.link(), nowNs);
                broken = true;
            }
        }
        return broken;
    }

    @Override
    public void transmit(Packet datagram) {
        int link = datagram.link();
        PathSocket socket = link < 0 ? null : socketOfLink[link];
        if (socket == null) {
            counters.onDropped(DeviceDrop.NO_SOCKET, 1);
            datagram.release();
            return;
        }
        socket.send(datagram);
    }

    @Override
    public void deliver(Packet packet) {
        tun.send(packet);
    }

    @Override
    public void handOver(int shard, boolean isInner, Packet packet) {
        if (!neighbours.offer(shard, isInner, packet)) {
            counters.onDropped(DeviceDrop.QUEUE_FULL, 1);
        }
        packet.release();
    }

    @Override
    public void report(SessionEvent event) {
        events.accept(event);
    }

    /// The counters of TUN, of every socket, and of what reached neither.
    ///
    /// @param linkNames name of a link by its id
    public List<DeviceSnapshot> devices(Function<Integer, String> linkNames) {
        List<DeviceSnapshot> result = new ArrayList<>();
        result.add(tun.counters().snapshot(tun.name()));
        for (PathSocket socket : sockets) {
            result.add(socket.counters().snapshot(linkNames.apply(socket.link())));
        }
        result.add(counters.snapshot("none"));
        return result;
    }

    /// Says goodbye to the peers and closes the sockets; the TUN device stays open.
    @Override
    public void close() {
        long nowNs = clock.nowNs();
        sessions.close(nowNs);
        tun.flush();
        for (PathSocket socket : sockets) {
            socket.flush();
        }
        closeSockets();
    }

    /// Closes the sockets without a word to the peers, when the engine cannot be trusted any more.
    public void closeSockets() {
        while (!sockets.isEmpty()) {
            removeSocket(sockets.getLast().link());
        }
    }
}
