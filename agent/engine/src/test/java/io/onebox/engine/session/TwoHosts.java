package io.onebox.engine.session;

import io.onebox.engine.noise.Aead;
import io.onebox.engine.noise.JceAead;
import io.onebox.engine.noise.PresharedKey;
import io.onebox.engine.noise.PrivateKey;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.IpPrefix;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.path.BondingMode;
import io.onebox.engine.path.LinkSettings;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// A client with some links and a server, joined by wires that deliver at once. For tests of the session
/// alone; the simulator has wires that behave like the internet.
final class TwoHosts {

    static final int CLIENT_ADDRESS = 0x0a4d0002;
    static final int SERVER_ADDRESS = 0x0a4d0001;
    static final long STEP_NS = 1_000_000;
    static final int FIRST_CLIENT_PORT = 40_000;

    private static final int PACKETS = 8_192;
    private static final int SERVER_PORT = 51_820;

    final Host client;
    final Host server;
    long nowNs = 1_000_000_000;

    /// What happens to a datagram on its way.
    Consumer<Packet> onWire = _ -> {};

    TwoHosts(int links) {
        this(links, JceAead.factory());
    }

    TwoHosts(int links, Aead.Factory aead) {
        var random = new Random(1);
        PrivateKey clientKey = PrivateKey.generate(random);
        PrivateKey serverKey = PrivateKey.generate(random);
        client = new Host(clientKey, aead, random, true);
        server = new Host(serverKey, aead, random, false);
        server.sessions.putLink(new LinkConfig(0, "listen", LinkSettings.DEFAULT, true, true, 1_500), nowNs);
        server.sessions.putPeer(
                new PeerConfig(
                        "client",
                        clientKey.publicKey(),
                        PresharedKey.NONE,
                        List.of(IpPrefix.ofIpv4(CLIENT_ADDRESS, 32)),
                        List.of(),
                        BondingMode.AGGREGATE),
                nowNs);
        client.sessions.putPeer(
                new PeerConfig(
                        "server",
                        serverKey.publicKey(),
                        PresharedKey.NONE,
                        List.of(new IpPrefix(0, 0, 0)),
                        List.of(Endpoint.ofIpv4(0xc0000201, SERVER_PORT)),
                        BondingMode.AGGREGATE),
                nowNs);
        for (int link = 0; link < links; link++) {
            client.sessions.putLink(new LinkConfig(link, "up" + link, LinkSettings.DEFAULT, true, false, 1_500), nowNs);
        }
    }

    /// Lets time pass in steps of a millisecond, carrying every datagram within its step.
    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            nowNs += STEP_NS;
            turn();
        }
    }

    /// Lets both hosts work until nothing is on the wires.
    void turn() {
        do {
            client.sessions.onTimer(nowNs);
            server.sessions.onTimer(nowNs);
            carry(client, server);
            carry(server, client);
        } while (!client.sent.isEmpty() || !server.sent.isEmpty());
        client.sessions.onTimer(nowNs);
        server.sessions.onTimer(nowNs);
    }

    private void carry(Host from, Host to) {
        for (Packet sent = from.sent.poll(); sent != null; sent = from.sent.poll()) {
            to.sessions.onDatagram(arrived(from, to, sent), nowNs);
        }
    }

    /// What arrives at `to` when `from` sent `sent`, which is given back.
    Packet arrived(Host from, Host to, Packet sent) {
        Packet arrived = to.pool.acquire();
        arrived.copyFrom(sent);
        if (from == client) {
            arrived.link(0);
            arrived.remote(0, Endpoint.mapped(0xc6336400 + sent.link()), FIRST_CLIENT_PORT + sent.link());
        } else {
            arrived.link(sent.remotePort() - FIRST_CLIENT_PORT);
            arrived.remote(0, Endpoint.mapped(0xc0000201), SERVER_PORT);
        }
        sent.release();
        onWire.accept(arrived);
        return arrived;
    }

    /// One end: an engine and what it said.
    static final class Host implements Outbox {

        final PacketPool pool = new PacketPool(Arena.ofAuto(), PACKETS);
        final Deque<Packet> sent = new ArrayDeque<>(PACKETS);
        final List<SessionEvent> events = new ArrayList<>();
        final Sessions sessions;
        long delivered;
        long deliveredPartial;
        Consumer<Packet> onDelivered = _ -> {};

        Host(PrivateKey key, Aead.Factory aead, Random random, boolean isClient) {
            sessions = new Sessions(
                    new EngineConfig(key, aead, random, 1_700_000_000_000_000_000L, isClient ? 1 : 2), pool, this);
        }

        @Override
        public void transmit(Packet datagram) {
            sent.add(datagram);
        }

        @Override
        public void deliver(Packet packet) {
            delivered++;
            deliveredPartial += packet.hasPartialChecksum() ? 1 : 0;
            onDelivered.accept(packet);
            packet.release();
        }

        @Override
        public void report(SessionEvent event) {
            events.add(event);
        }
    }
}
