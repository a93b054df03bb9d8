package io.onebox.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.packet.InnerPackets;
import io.onebox.engine.packet.IpFlyweight;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.stats.DropReason;
import io.onebox.engine.stats.SessionCounters;
import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;

/// Every inner packet is accounted for: delivered, dropped for one reason, or held.
class ConservationTest {

    private static final int LINKS = 3;

    private final TwoHosts hosts = new TwoHosts(LINKS);
    private final UnequalWires wires = new UnequalWires(hosts, LINKS);
    private final InnerPackets clientPackets = new InnerPackets(hosts.client.pool);
    private final InnerPackets serverPackets = new InnerPackets(hosts.server.pool);

    @Seeded(runs = 20)
    void noPacketIsLostFromTheBooks(RandomGenerator random) {
        wires.run(400);
        wires.loseEvery = random.nextInt(4) == 0 ? 0 : 5 + random.nextInt(200);

        for (int step = 0; step < 6_000; step++) {
            offer(hosts.client, random);
            offer(hosts.server, random);
            if (random.nextInt(1_000) == 0) {
                toggle(random.nextInt(LINKS), random.nextBoolean());
            }
            wires.step();
            assertBalanced(hosts.client);
            assertBalanced(hosts.server);
        }
        for (int link = 0; link < LINKS; link++) {
            toggle(link, true);
        }
        wires.run(40_000);
        wires.settle();

        assertBalanced(hosts.client);
        assertBalanced(hosts.server);
        assertArrived(hosts.client, hosts.server);
        assertArrived(hosts.server, hosts.client);
        assertThat(clientPackets.pool().available())
                .isEqualTo(clientPackets.pool().capacity());
        assertThat(serverPackets.pool().available())
                .isEqualTo(serverPackets.pool().capacity());
    }

    @Seeded(runs = 20)
    void nothingIsKeptWhenASessionEnds(RandomGenerator random) {
        wires.run(400);
        wires.loseEvery = 50;
        for (int step = 0; step < 400; step++) {
            offer(hosts.client, random);
            offer(hosts.client, random);
            offer(hosts.server, random);
            wires.step();
        }

        SessionCounters counters = counters(hosts.client);
        hosts.client.sessions.close(hosts.nowNs);
        assertThat(counters.fromTun()).isEqualTo(counters.sentPackets() + droppedOutbound(counters));
        assertThat(counters.fromPath()).isEqualTo(counters.toTun() + droppedInbound(counters));
        hosts.server.sessions.close(hosts.nowNs);
        hosts.client.sent.forEach(Packet::release);
        hosts.client.sent.clear();
        hosts.server.sent.forEach(Packet::release);
        hosts.server.sent.clear();
        wires.clear();

        assertThat(clientPackets.allReturned()).isTrue();
        assertThat(serverPackets.allReturned()).isTrue();
    }

    private void offer(TwoHosts.Host host, RandomGenerator random) {
        if (!host.sessions.acceptsTunPackets(8) || random.nextBoolean()) {
            return;
        }
        boolean isClient = host == hosts.client;
        int own = isClient ? TwoHosts.CLIENT_ADDRESS : TwoHosts.SERVER_ADDRESS;
        int other = isClient ? TwoHosts.SERVER_ADDRESS : TwoHosts.CLIENT_ADDRESS;
        int source = random.nextInt(200) == 0 ? 0x01010101 : own;
        for (int i = random.nextInt(4); i >= 0; i--) {
            boolean bulk = random.nextInt(4) > 0;
            Packet packet = (isClient ? clientPackets : serverPackets)
                    .ipv4(
                            bulk ? IpFlyweight.TCP : IpFlyweight.UDP,
                            source,
                            other,
                            bulk ? 60 + random.nextInt(1_300) : 60);
            InnerPackets.ports(packet, random.nextInt(3), 80);
            InnerPackets.set(packet, 32, 5 << 12 | 0x18);
            host.sessions.onTunPacket(packet, hosts.nowNs);
        }
    }

    private void toggle(int link, boolean present) {
        if (present) {
            var config = new LinkConfig(link, "up" + link, LinkSettings.DEFAULT, true, false, 1_500);
            hosts.client.sessions.putLink(config, hosts.nowNs);
        } else {
            hosts.client.sessions.removeLink(link, hosts.nowNs);
        }
    }

    private static void assertBalanced(TwoHosts.Host host) {
        Session session = host.sessions.all().getFirst();
        SessionCounters counters = session.counters();
        assertThat(counters.fromTun())
                .as("from TUN")
                .isEqualTo(counters.sentPackets()
                        + droppedOutbound(counters)
                        + session.outgoing().queued());
        assertThat(counters.fromPath())
                .as("from paths")
                .isEqualTo(counters.toTun()
                        + droppedInbound(counters)
                        + session.incoming().held());
        assertThat(host.delivered).isEqualTo(counters.toTun());
    }

    /// What was sent and not given up was delivered, once, or was not allowed.
    private static void assertArrived(TwoHosts.Host from, TwoHosts.Host to) {
        SessionCounters sent = counters(from);
        SessionCounters received = counters(to);
        long accepted = received.toTun() + received.dropped(DropReason.NOT_ALLOWED);
        assertThat(accepted).isBetween(sent.sentPackets() - sent.lost(), sent.sentPackets());
    }

    private static SessionCounters counters(TwoHosts.Host host) {
        return host.sessions.all().getFirst().counters();
    }

    private static long droppedOutbound(SessionCounters counters) {
        return counters.dropped(DropReason.QUEUE_DELAY)
                + counters.dropped(DropReason.OVERFLOW)
                + counters.dropped(DropReason.NO_PATH)
                + counters.dropped(DropReason.CLOSED);
    }

    private static long droppedInbound(SessionCounters counters) {
        return counters.dropped(DropReason.DUPLICATE)
                + counters.dropped(DropReason.NOT_ALLOWED)
                + counters.dropped(DropReason.MALFORMED);
    }
}
