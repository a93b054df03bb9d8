package io.onebox.simulator;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.session.EngineConfig;
import io.onebox.engine.session.Outbox;
import io.onebox.engine.session.SessionEvent;
import io.onebox.engine.session.Sessions;
import io.onebox.engine.stats.SessionSnapshot;
import io.onebox.simulator.time.Alarm;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One life of an agent: the engine, its packets, and the duty cycle of the daemon around it. Its clock
/// starts at 0 when it does.
public final class SimulatedAgent implements Outbox {

    /// Packets taken from one device in a turn, as the daemon does.
    private static final int BATCH = 64;

    /// Packets a TUN device holds before it drops (Linux, TUN_READQ_SIZE).
    private static final int TUN_QUEUE = 500;

    /// Datagrams a socket holds before it drops: 4 MB. A guess.
    private static final int SOCKET_QUEUE = 2_048;

    /// Packets of the pool: as many as the daemon's.
    private static final int POOL_PACKETS = 8_192;

    /// Best a timer can do.
    private static final long TIMER_NS = 1_000;

    /// Turns at one instant before we say that the engine does not come to rest.
    private static final int MOST_TURNS = 10_000;

    private final SimulatedHost host;
    private final Simulation simulation;
    private final long bornNs;
    private final PacketPool pool = new PacketPool(Arena.ofAuto(), POOL_PACKETS);
    private final Sessions sessions;
    private final Alarm alarm;
    private final Deque<Packet> fromTun = new ArrayDeque<>();
    private final Deque<Packet> fromWire = new ArrayDeque<>();
    private final BitSet refused = new BitSet();

    private boolean isAlive = true;
    private boolean isAwake;
    private long takenFromTun;
    private long droppedByTun;
    private long droppedBySocket;
    private long receivedDatagrams;
    private long sentDatagrams;
    private long delivered;

    SimulatedAgent(Simulation simulation, SimulatedHost host, EngineConfig config) {
        this.simulation = simulation;
        this.host = host;
        this.bornNs = simulation.nowNs();
        this.sessions = new Sessions(config, pool, this);
        this.alarm = new Alarm(simulation.time(), this::turn);
    }

    /// The engine.
    public Sessions sessions() {
        return sessions;
    }

    /// Nanoseconds since this agent started.
    public long nowNs() {
        return simulation.nowNs() - bornNs;
    }

    /// The sessions as they are.
    public List<SessionSnapshot> snapshot() {
        return sessions.snapshot(nowNs());
    }

    /// Packets somebody holds.
    public int packetsInUse() {
        return pool.capacity() - pool.available();
    }

    /// Packets that wait in the TUN device.
    public int waitingInTun() {
        return fromTun.size();
    }

    /// Inner packets given to the engine, dropped by the TUN device, and delivered to it.
    public long takenFromTun() {
        return takenFromTun;
    }

    public long droppedByTun() {
        return droppedByTun;
    }

    public long delivered() {
        return delivered;
    }

    /// Datagrams given to the engine, dropped by its sockets, and sent.
    public long receivedDatagrams() {
        return receivedDatagrams;
    }

    public long droppedBySocket() {
        return droppedBySocket;
    }

    public long sentDatagrams() {
        return sentDatagrams;
    }

    @Override
    public void transmit(Packet datagram) {
        sentDatagrams++;
        host.transmit(datagram);
        datagram.release();
    }

    @Override
    public void deliver(Packet packet) {
        delivered++;
        host.stack().receive(packet);
    }

    @Override
    public void report(SessionEvent event) {
        host.report(event);
    }

    @Nullable
    Packet acquire() {
        return pool.acquire();
    }

    void fromTun(Packet packet) {
        if (fromTun.size() >= TUN_QUEUE) {
            droppedByTun++;
            packet.release();
            return;
        }
        fromTun.add(packet);
        wake();
    }

    void fromWire(Datagram datagram, int link) {
        Packet packet = fromWire.size() < SOCKET_QUEUE ? pool.acquire() : null;
        if (packet == null) {
            droppedBySocket++;
            return;
        }
        datagram.copyTo(packet);
        packet.link(link);
        packet.remote(datagram.sourceHigh, datagram.sourceLow, datagram.sourcePort);
        packet.local(datagram.targetHigh, datagram.targetLow);
        fromWire.add(packet);
        wake();
    }

    /// The kernel refused to send by a link; the engine hears of it after the call it is in.
    void onRefused(int link) {
        refused.set(link);
    }

    /// Runs a turn as soon as the present event is over.
    void wake() {
        if (!isAwake) {
            isAwake = true;
            simulation.schedule(simulation.nowNs(), this::turn);
        }
    }

    /// Forgets everything.
    void kill() {
        isAlive = false;
        alarm.cancel();
    }

    /// Says goodbye, and gives back what is held.
    void stop() {
        sessions.close(nowNs());
        sessions.onTimer(nowNs());
        fromTun.forEach(Packet::release);
        fromTun.clear();
        fromWire.forEach(Packet::release);
        fromWire.clear();
        kill();
    }

    private void turn() {
        isAwake = false;
        if (!isAlive) {
            return;
        }
        long nowNs = nowNs();
        long dueNs;
        int turns = 0;
        int taken;
        do {
            tellRefusals(nowNs);
            taken = takeDatagrams(nowNs) + takeTunPackets(nowNs);
            dueNs = sessions.onTimer(nowNs);
            if (++turns > MOST_TURNS) {
                throw new IllegalStateException("the engine of " + host.name() + " does not come to rest");
            }
        } while (taken > 0 || !refused.isEmpty());
        if (dueNs == Long.MAX_VALUE) {
            alarm.cancel();
        } else {
            alarm.set(Math.max(bornNs + dueNs, simulation.nowNs() + TIMER_NS));
        }
    }

    private void tellRefusals(long nowNs) {
        for (int link = refused.nextSetBit(0); link >= 0; link = refused.nextSetBit(link + 1)) {
            sessions.onLinkError(link, nowNs);
        }
        refused.clear();
    }

    private int takeDatagrams(long nowNs) {
        int taken = 0;
        while (taken < BATCH && !fromWire.isEmpty()) {
            sessions.onDatagram(fromWire.remove(), nowNs);
            taken++;
        }
        receivedDatagrams += taken;
        return taken;
    }

    private int takeTunPackets(long nowNs) {
        int taken = 0;
        if (!fromTun.isEmpty() && sessions.acceptsTunPackets(BATCH)) {
            while (taken < BATCH && !fromTun.isEmpty()) {
                sessions.onTunPacket(fromTun.remove(), nowNs);
                taken++;
            }
        }
        takenFromTun += taken;
        return taken;
    }
}
