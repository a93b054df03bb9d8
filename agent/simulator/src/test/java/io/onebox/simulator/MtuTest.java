package io.onebox.simulator;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.stats.PathSnapshot;
import io.onebox.engine.stats.SessionSnapshot;
import io.onebox.simulator.traffic.ConstantUdp;
import io.onebox.simulator.traffic.InnerTcp;
import io.onebox.simulator.traffic.TcpOptions;
import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;

/// No router says a word about the MTU, and yet the tunnel fits.
class MtuTest {

    /// What IPv4, UDP, WireGuard and DATA take of a packet.
    private static final int OVERHEAD = 68;

    /// The search ends when it is this exact.
    private static final int PRECISION = 8;

    private static final int[] USUAL = {1_500, 1_492, 1_400, 1_280};

    @Seeded(runs = 50)
    void findsTheMtuOfEachDirection(RandomGenerator random) {
        var bond = new Bond(random);
        int up = USUAL[random.nextInt(USUAL.length)];
        int down = USUAL[random.nextInt(USUAL.length)];
        bond.link(8, 5 + random.nextInt(40)).up(shape -> shape.mtu(up)).down(shape -> shape.mtu(down));

        bond.connect();
        bond.run(ofSeconds(3));

        assertThat(path(bond.client, 0).mtuBytes()).isEqualTo(up);
        assertThat(path(bond.server, 0).mtuBytes()).isEqualTo(down);
        assertThat(session(bond.client).mtuBytes()).isEqualTo(up - OVERHEAD);
        assertThat(session(bond.server).mtuBytes()).isEqualTo(down - OVERHEAD);
        assertThat(bond.client.stack().mtuBytes()).isEqualTo(up - OVERHEAD);
        bond.checkConservation();
    }

    @Seeded(runs = 50)
    void findsAnyMtuDespiteLoss(RandomGenerator random) {
        var bond = new Bond(random);
        int mtu = 1_280 + random.nextInt(221);
        bond.link(8, 5 + random.nextInt(40)).shape(shape -> shape.mtu(mtu)).loss(0.02);

        bond.connect();
        bond.run(ofSeconds(15));

        assertThat(path(bond.client, 0).mtuBytes()).isBetween(mtu - 2 * PRECISION, mtu);
        bond.checkConservation();
    }

    @Seeded(runs = 50)
    void theNarrowestLinkDecides(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(8, 10);
        SimulatedLink narrow = bond.link(8, 20).shape(shape -> shape.mtu(1_400));
        bond.connect();
        bond.run(ofSeconds(2));
        InnerTcp flow = bond.download(random.nextBoolean() ? TcpOptions.CUBIC : TcpOptions.BBR);
        bond.run(ofSeconds(2));

        assertThat(session(bond.server).mtuBytes()).isEqualTo(1_400 - OVERHEAD);
        assertThat(bond.rate(flow, ofSeconds(2))).isGreaterThan(0.6 * bond.payloadMegabits());

        narrow.unplug();
        bond.run(ofSeconds(2));
        assertThat(session(bond.server).mtuBytes()).isEqualTo(1_500 - OVERHEAD);
        bond.checkConservation();
    }

    /// Every packet that is lost is answered, so that its sender can do better, or repaired.
    @Seeded(runs = 50)
    void survivesAPathThatBecomesNarrowWithoutAWord(RandomGenerator random) {
        var bond = new Bond(random);
        SimulatedLink link = bond.link(8, 5 + random.nextInt(30));
        boolean hasOther = random.nextBoolean();
        if (hasOther) {
            bond.link(8, 5 + random.nextInt(30));
        }
        bond.connect();
        int mtu = USUAL[1 + random.nextInt(3)];
        ConstantUdp stream = ConstantUdp.startLargest(
                bond.client.stack(), bond.server.stack(), ofMillis(4).toNanos(), ofSeconds(7));
        bond.run(ofSeconds(1));

        link.shape(shape -> shape.mtu(mtu));
        bond.run(ofSeconds(3));
        long receivedBefore = stream.received();
        bond.run(ofSeconds(2));

        assertThat(stream.received() - receivedBefore).isBetween(490L, 510L);
        if (!hasOther) { // With another link, nobody may have used this one and noticed.
            assertThat(path(bond.client, 0).mtuBytes()).as(bond.story()).isBetween(mtu - PRECISION, mtu);
        }
        bond.run(ofSeconds(3));
        SessionSnapshot session = session(bond.client);
        long told = session.lostPackets()
                + session.dropped().getOrDefault("too_large", 0L)
                + session.dropped().getOrDefault("queue_delay", 0L);
        assertThat(stream.lost()).as(bond.story()).isLessThanOrEqualTo(told);
        bond.checkConservation();
    }

    /// Large packets are lost while a link is dead; that is no reason to send smaller ones afterwards.
    @Seeded(runs = 50)
    void keepsTheMtuOfALinkThatWasDead(RandomGenerator random) {
        var bond = new Bond(random);
        SimulatedLink link = bond.link(8, 5 + random.nextInt(30));
        bond.connect();
        bond.upload(TcpOptions.CUBIC);
        bond.run(ofSeconds(1));

        link.cut();
        bond.run(ofMillis(200 + random.nextInt(1_000)));
        link.restore();
        bond.run(ofSeconds(4));

        assertThat(path(bond.client, 0).mtuBytes()).isEqualTo(1_500);
        assertThat(bond.story()).doesNotContain("mtuBytes=1212");
        bond.checkConservation();
    }

    private static SessionSnapshot session(SimulatedHost host) {
        return host.agent().snapshot().getFirst();
    }

    private static PathSnapshot path(SimulatedHost host, int id) {
        return session(host).paths().stream()
                .filter(path -> path.pathId() == id)
                .findFirst()
                .orElseThrow();
    }
}
