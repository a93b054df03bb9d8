package io.onebox.engine.session;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketQueue;

/// Wires between [TwoHosts] that take their time, each link another, carry one datagram at a time and lose every
/// so-many-th.
/// Nothing is allocated while they carry.
final class UnequalWires {

    private static final long FIRST_DELAY_NS = 5_000_000;
    private static final long STEP_NS = 250_000;

    /// One datagram after the other: some 50 Mbit/s.
    private static final long DATAGRAM_NS = 200_000;

    private final TwoHosts hosts;
    private final Wire[] toServer;
    private final Wire[] toClient;

    /// Every so-many-th datagram is lost; 0 for none.
    int loseEvery;

    private int carried;

    /// @param links link `n` takes `n + 1` times 5 ms each way
    UnequalWires(TwoHosts hosts, int links) {
        this.hosts = hosts;
        this.toServer = new Wire[links];
        this.toClient = new Wire[links];
        for (int link = 0; link < links; link++) {
            toServer[link] = new Wire();
            toClient[link] = new Wire();
        }
    }

    /// Lets a quarter of a millisecond pass.
    void step() {
        hosts.nowNs += STEP_NS;
        hosts.client.sessions.onTimer(hosts.nowNs);
        hosts.server.sessions.onTimer(hosts.nowNs);
        accept(hosts.client, hosts.server, toServer);
        accept(hosts.server, hosts.client, toClient);
        deliver(hosts.server, toServer);
        deliver(hosts.client, toClient);
    }

    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            step();
        }
    }

    /// Lets time pass until nothing is on its way.
    void settle() {
        do {
            step();
        } while (!isIdle());
    }

    private boolean isIdle() {
        for (int link = 0; link < toServer.length; link++) {
            if (!toServer[link].queue.isEmpty() || !toClient[link].queue.isEmpty()) {
                return false;
            }
        }
        return hosts.client.sent.isEmpty() && hosts.server.sent.isEmpty();
    }

    /// Loses everything on its way.
    void clear() {
        for (int link = 0; link < toServer.length; link++) {
            toServer[link].queue.clear();
            toClient[link].queue.clear();
        }
    }

    private void accept(TwoHosts.Host from, TwoHosts.Host to, Wire[] wires) {
        for (Packet sent = from.sent.poll(); sent != null; sent = from.sent.poll()) {
            carried++;
            if (loseEvery > 0 && carried % loseEvery == 0) {
                sent.release();
                continue;
            }
            int link = from == hosts.client ? sent.link() : sent.remotePort() - TwoHosts.FIRST_CLIENT_PORT;
            Packet arrived = hosts.arrived(from, to, sent);
            wires[link].carry(arrived, hosts.nowNs + FIRST_DELAY_NS * (link + 1));
        }
    }

    private void deliver(TwoHosts.Host to, Wire[] wires) {
        for (Wire wire : wires) {
            PacketQueue due = wire.queue;
            for (Packet first = due.peek(); first != null && first.timeNs() <= hosts.nowNs; first = due.peek()) {
                to.sessions.onDatagram(due.poll(), hosts.nowNs);
            }
        }
    }

    /// One direction of a link.
    private static final class Wire {

        private final PacketQueue queue = new PacketQueue();
        private long lastNs = Long.MIN_VALUE / 2;

        void carry(Packet packet, long earliestNs) {
            lastNs = Math.max(earliestNs, lastNs + DATAGRAM_NS);
            packet.timeNs(lastNs);
            queue.add(packet);
        }
    }
}
