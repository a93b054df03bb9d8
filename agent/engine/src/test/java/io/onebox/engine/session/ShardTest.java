package io.onebox.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.noise.JceAead;
import io.onebox.engine.noise.PresharedKey;
import io.onebox.engine.noise.PrivateKey;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.InnerPackets;
import io.onebox.engine.packet.IpPrefix;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.path.BondingMode;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.path.Shard;
import io.onebox.engine.stats.SessionSnapshot;
import io.onebox.engine.wire.CookieReplyFlyweight;
import io.onebox.engine.wire.HandshakeResponseFlyweight;
import io.onebox.engine.wire.MessageType;
import io.onebox.testing.Seeded;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Three engines that share four clients of one server. Every datagram and every packet from TUN reaches an engine by
/// chance, and the session it belongs to nevertheless.
class ShardTest {

    private static final int SHARDS = 3;
    private static final int CLIENTS = 4;
    private static final int LINKS = 2;
    private static final int SERVER = 0x0a4d0001;
    private static final int FIRST_CLIENT = 0x0a4d0002;
    private static final int SERVER_PORT = 51_820;
    private static final int PACKETS = 4_096;

    private final List<TwoHosts.Host> clients = new ArrayList<>();
    private final List<PrivateKey> keys = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private RandomGenerator chance = new Random(1);
    private long nowNs = 1_000_000_000;

    @Seeded(runs = 5)
    void everythingReachesItsSession(RandomGenerator random) {
        connect(random);
        run(300);
        for (int i = 0; i < 200; i++) {
            for (int client = 0; client < CLIENTS; client++) {
                offer(clients.get(client).sessions, clients.get(client).pool, FIRST_CLIENT + client, SERVER);
                Part any = parts.get(chance.nextInt(SHARDS));
                offer(any.sessions, any.pool, SERVER, FIRST_CLIENT + client);
            }
            run(1);
        }
        run(500);

        assertThat(clients).allSatisfy(client -> {
            assertThat(client.delivered).isEqualTo(200);
            assertThat(client.sessions.snapshot(nowNs).getFirst().paths())
                    .hasSize(LINKS)
                    .allMatch(path -> path.state().equals("usable"));
            assertThat(client.pool.available()).isEqualTo(client.pool.capacity());
        });
        assertThat(parts.stream().mapToLong(part -> part.delivered).sum()).isEqualTo(200L * CLIENTS);
        assertThat(parts).allSatisfy(part -> {
            assertThat(part.handedOver).isPositive();
            assertThat(part.sessions.unclaimedDrops()).isEmpty();
            assertThat(part.pool.available()).isEqualTo(PACKETS);
        });
        assertThat(sessionsOf(parts.get(0))).hasSize(2);
        assertThat(sessionsOf(parts.get(1))).hasSize(1);
    }

    /// The longest prefix decides over all shards: client 3 owns a part of what client 2 may use.
    @Test
    void aSourceThatBelongsToAnotherShardIsRefused() {
        connect(new Random(2));
        int theirs = 0x0a630001;
        put(2, List.of(IpPrefix.ofIpv4(0x0a630000, 16)));
        put(3, List.of(IpPrefix.ofIpv4(theirs, 32)));
        run(300);

        offer(clients.get(2).sessions, clients.get(2).pool, theirs, SERVER);
        offer(clients.get(2).sessions, clients.get(2).pool, theirs + 1, SERVER);
        run(100);

        assertThat(parts.stream().mapToLong(part -> part.delivered).sum()).isEqualTo(1);
        assertThat(sessionsOf(parts.get(2)))
                .singleElement()
                .satisfies(session -> assertThat(session.dropped()).containsEntry("not_allowed", 1L));
    }

    /// Tables of shards differ for a moment while a peer comes or goes; a packet must not go round meanwhile.
    @Test
    void whatNobodyWantsIsDroppedByTheSecond() {
        connect(new Random(3));
        parts.get(0).sessions.putElsewhere(config(3, List.of(IpPrefix.ofIpv4(FIRST_CLIENT + 3, 32))), 1);
        parts.get(0).sessions.removePeer(keys.get(3).publicKey(), nowNs);

        offer(parts.get(0).sessions, parts.get(0).pool, SERVER, FIRST_CLIENT + 3);
        run(1);

        assertThat(parts.get(1).sessions.unclaimedDrops()).containsEntry("no_peer", 1L);
        assertThat(parts.get(0).pool.available()).isEqualTo(PACKETS);
        assertThat(parts.get(1).pool.available()).isEqualTo(PACKETS);
    }

    /// Without a filter in the kernel a response or a cookie may reach any shard.
    @Test
    void whatAnswersOurHandshakeFindsItsShard() {
        connect(new Random(4));

        answer(MessageType.RESPONSE, HandshakeResponseFlyweight.LENGTH, 8);
        answer(MessageType.COOKIE_REPLY, CookieReplyFlyweight.LENGTH, 4);

        assertThat(parts.get(0).handedOver).isEqualTo(2);
        assertThat(parts.get(0).sessions.unclaimedDrops()).isEmpty();
        assertThat(parts.get(1).sessions.unclaimedDrops()).isEmpty();
        run(1);
        assertThat(parts.get(1).sessions.unclaimedDrops().values()).containsExactly(2L);
        assertThat(parts.get(0).pool.available()).isEqualTo(PACKETS);
    }

    /// Forged, with a receiver index of shard 1, to shard 0.
    private void answer(int type, int length, int indexOffset) {
        PacketPool pool = parts.get(0).pool;
        Packet message = new InnerPackets(pool).blank(length);
        message.segment().set(ValueLayout.JAVA_BYTE, message.offset(), (byte) type);
        message.segment().set(ValueLayout.JAVA_BYTE, message.offset() + indexOffset, (byte) 1);
        message.link(0);
        message.remote(0, Endpoint.mapped(0xc0000202), 1);
        parts.get(0).sessions.onDatagram(message, nowNs);
    }

    private void connect(RandomGenerator random) {
        chance = random;
        var seed = new Random(random.nextLong());
        PrivateKey server = PrivateKey.generate(seed);
        for (int i = 0; i < SHARDS; i++) {
            parts.add(new Part(server, seed, new Shard(i, SHARDS)));
        }
        for (int i = 0; i < CLIENTS; i++) {
            PrivateKey key = PrivateKey.generate(seed);
            keys.add(key);
            var client = new TwoHosts.Host(key, JceAead.factory(), seed, true);
            clients.add(client);
            put(i, List.of(IpPrefix.ofIpv4(FIRST_CLIENT + i, 32)));
            client.sessions.putPeer(
                    new PeerConfig(
                            "server",
                            server.publicKey(),
                            PresharedKey.NONE,
                            List.of(new IpPrefix(0, 0, 0)),
                            List.of(Endpoint.ofIpv4(0xc0000201, SERVER_PORT)),
                            BondingMode.AGGREGATE),
                    nowNs);
            for (int link = 0; link < LINKS; link++) {
                client.sessions.putLink(
                        new LinkConfig(link, "up" + link, LinkSettings.DEFAULT, true, false, 1_500), nowNs);
            }
        }
    }

    private PeerConfig config(int client, List<IpPrefix> addresses) {
        return new PeerConfig(
                "client" + client,
                keys.get(client).publicKey(),
                PresharedKey.NONE,
                addresses,
                List.of(),
                BondingMode.AGGREGATE);
    }

    private void put(int client, List<IpPrefix> addresses) {
        int owner = client % SHARDS;
        for (int i = 0; i < SHARDS; i++) {
            if (i == owner) {
                parts.get(i).sessions.putPeer(config(client, addresses), nowNs);
            } else {
                parts.get(i).sessions.putElsewhere(config(client, addresses), owner);
            }
        }
    }

    private List<SessionSnapshot> sessionsOf(Part part) {
        return part.sessions.snapshot(nowNs);
    }

    private void run(int steps) {
        for (int step = 0; step < steps; step++) {
            nowNs += TwoHosts.STEP_NS;
            do {
                clients.forEach(client -> client.sessions.onTimer(nowNs));
                parts.forEach(part -> part.sessions.onTimer(nowNs));
                carry();
            } while (parts.stream().anyMatch(part -> !part.sent.isEmpty() || !part.fromOthers.isEmpty())
                    || clients.stream().anyMatch(client -> !client.sent.isEmpty()));
            clients.forEach(client -> client.sessions.onTimer(nowNs));
            parts.forEach(part -> part.sessions.onTimer(nowNs));
        }
    }

    private void carry() {
        for (int i = 0; i < CLIENTS; i++) {
            TwoHosts.Host client = clients.get(i);
            for (Packet sent = client.sent.poll(); sent != null; sent = client.sent.poll()) {
                Part any = parts.get(chance.nextInt(SHARDS));
                Packet arrived = copy(any.pool, sent);
                arrived.link(0);
                arrived.remote(0, Endpoint.mapped(0xc6336400 + i), TwoHosts.FIRST_CLIENT_PORT + sent.link());
                sent.release();
                any.sessions.onDatagram(arrived, nowNs);
            }
        }
        for (Part part : parts) {
            for (HandedOver handed = part.fromOthers.poll(); handed != null; handed = part.fromOthers.poll()) {
                part.sessions.onHandedOver(handed.isInner(), copy(part.pool, handed.packet()), nowNs);
                handed.packet().release();
            }
            for (Packet sent = part.sent.poll(); sent != null; sent = part.sent.poll()) {
                TwoHosts.Host client = clients.get((int) (sent.remoteLow() & 0xff));
                Packet arrived = copy(client.pool, sent);
                arrived.link(sent.remotePort() - TwoHosts.FIRST_CLIENT_PORT);
                arrived.remote(0, Endpoint.mapped(0xc0000201), SERVER_PORT);
                sent.release();
                client.sessions.onDatagram(arrived, nowNs);
            }
        }
    }

    private static Packet copy(PacketPool pool, Packet packet) {
        Packet copy = new InnerPackets(pool).blank(0);
        copy.copyFrom(packet);
        return copy;
    }

    private void offer(Sessions sessions, PacketPool pool, int source, int destination) {
        sessions.onTunPacket(new InnerPackets(pool).ipv4(InnerPackets.ICMP, source, destination, 600), nowNs);
    }

    private record HandedOver(boolean isInner, Packet packet) {}

    /// A shard of the server.
    private final class Part implements Outbox {

        final PacketPool pool = new PacketPool(Arena.ofAuto(), PACKETS);
        final Deque<Packet> sent = new ArrayDeque<>();
        final Deque<HandedOver> fromOthers = new ArrayDeque<>();
        final Sessions sessions;
        long delivered;
        long handedOver;

        Part(PrivateKey key, Random random, Shard shard) {
            var config = new EngineConfig(key, JceAead.factory(), random, 1_700_000_000_000_000_000L, 2);
            sessions = new Sessions(config.of(shard), pool, this);
            sessions.putLink(new LinkConfig(0, "listen", LinkSettings.DEFAULT, true, true, 1_500), nowNs);
        }

        @Override
        public void transmit(Packet datagram) {
            sent.add(datagram);
        }

        @Override
        public void deliver(Packet packet) {
            delivered++;
            packet.release();
        }

        @Override
        public void handOver(int shard, boolean isInner, Packet packet) {
            handedOver++;
            parts.get(shard).fromOthers.add(new HandedOver(isInner, packet));
        }

        @Override
        public void report(SessionEvent event) {}
    }
}
