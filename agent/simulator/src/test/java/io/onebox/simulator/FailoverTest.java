package io.onebox.simulator;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.path.PathState;
import io.onebox.engine.session.SessionEvent;
import io.onebox.simulator.traffic.InnerTcp;
import io.onebox.simulator.traffic.Pinger;
import io.onebox.simulator.traffic.TcpOptions;
import io.onebox.testing.Seeded;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// A link dies and nobody notices.
class FailoverTest {

    private static final Duration PING = ofMillis(20);

    /// Far above what repair takes, far below what a user calls an outage.
    private static final Duration MOST_RTT = ofMillis(800);

    @Seeded(runs = 50)
    void losesNoPingWhenAnIdleLinkIsBlackHoled(RandomGenerator random) {
        checkEachLinkInTurn(idle(random), SimulatedLink::cut, SimulatedLink::restore);
    }

    @Seeded(runs = 50)
    void losesNoPingWhenALoadedLinkIsBlackHoled(RandomGenerator random) {
        checkEachLinkInTurn(loaded(random), SimulatedLink::cut, SimulatedLink::restore);
    }

    @Seeded(runs = 50)
    void losesNoPingWhenAnIdleLinkIsUnplugged(RandomGenerator random) {
        checkEachLinkInTurn(idle(random), SimulatedLink::unplug, SimulatedLink::plug);
    }

    @Seeded(runs = 50)
    void losesNoPingWhenALoadedLinkIsUnplugged(RandomGenerator random) {
        checkEachLinkInTurn(loaded(random), SimulatedLink::unplug, SimulatedLink::plug);
    }

    @Seeded(runs = 50)
    void losesNoPingWhenALinkDiesInOneDirection(RandomGenerator random) {
        Bond bond = random.nextBoolean() ? idle(random) : loaded(random);

        checkEachLinkInTurn(
                bond, random.nextBoolean() ? SimulatedLink::cutUp : SimulatedLink::cutDown, SimulatedLink::restore);
    }

    /// A handover: nothing is lost, everything is late.
    @Seeded(runs = 50)
    void losesNoPingWhenALinkPauses(RandomGenerator random) {
        checkEachLinkInTurn(loaded(random), SimulatedLink::pause, SimulatedLink::resume);
    }

    @Seeded(runs = 50)
    void losesNoPingWhenEveryLinkFlaps(RandomGenerator random) {
        Bond bond = idle(random);
        Pinger pinger = Pinger.start(bond.client.stack(), bond.server.stack(), PING, ofSeconds(6));

        for (int i = 0; i < 6; i++) {
            SimulatedLink link = bond.client.links().get(i % 2);
            bond.run(ofMillis(200 + random.nextInt(300)));
            link.cut();
            bond.run(ofMillis(100 + random.nextInt(400)));
            link.restore();
        }
        bond.run(ofSeconds(5));

        assertThat(pinger.lostNumbers()).isEmpty();
        bond.checkConservation();
    }

    /// Acknowledgements go over the faster link. When it dies the other is neither doubted nor flooded with what was on
    /// it, the flow sees it repaired in order, and has what is left a second later: row h of the bonding table.
    @Seeded(runs = 100)
    void hasWhatIsLeftASecondAfterTheLinkOfTheAcksDied(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(25, 10);
        bond.link(10, 40);
        bond.connect();
        boolean up = random.nextBoolean();
        InnerTcp flow = up ? bond.upload(TcpOptions.CUBIC) : bond.download(TcpOptions.CUBIC);
        bond.run(ofMillis(3_000 + random.nextInt(1_000)));

        bond.client.links().getFirst().cut();
        bond.run(ofSeconds(1));

        assertThat((up ? bond.client : bond.server).events())
                .as("the other link is not doubted")
                .noneMatch(timed -> timed.event() instanceof SessionEvent.PathChanged changed
                        && changed.pathId() == 1
                        && changed.to() == PathState.SUSPECT);
        assertThat(flow.duplicateSegments()).as("sent again for nothing").isZero();
        assertThat(bond.rate(flow, ofSeconds(2))).as(bond.story()).isGreaterThan(0.9 * 10 * Bond.CEILING);
    }

    @Seeded(runs = 50)
    void usesALinkAgainWithinThreeSecondsOfItsReturn(RandomGenerator random) {
        Bond bond = links(random);
        InnerTcp flow = bond.download(random.nextBoolean() ? TcpOptions.CUBIC : TcpOptions.BBR);
        SimulatedLink link = bond.client.links().get(random.nextInt(2));
        bond.run(ofSeconds(2));
        link.unplug();
        bond.run(ofSeconds(2));

        link.plug();
        bond.run(ofSeconds(3));
        long before = link.arrivedDownBytes();
        double rate = bond.rate(flow, ofSeconds(2));

        assertThat((link.arrivedDownBytes() - before) / 2).isGreaterThan(ofMegabit(1));
        assertThat(rate).isGreaterThan(0.6 * bond.payloadMegabits());
        bond.checkConservation();
    }

    private static long ofMegabit(long rate) {
        return rate * 125_000;
    }

    private static Bond links(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(8, 5 + random.nextInt(20));
        bond.link(6, 5 + random.nextInt(40));
        return bond.connect();
    }

    private static Bond idle(RandomGenerator random) {
        return links(random);
    }

    private static Bond loaded(RandomGenerator random) {
        Bond bond = links(random);
        TcpOptions options = random.nextBoolean() ? TcpOptions.CUBIC : TcpOptions.BBR;
        if (random.nextBoolean()) {
            bond.upload(options);
        } else {
            bond.download(options);
        }
        bond.run(ofSeconds(1));
        return bond;
    }

    private static void checkEachLinkInTurn(Bond bond, Consumer<SimulatedLink> fail, Consumer<SimulatedLink> mend) {
        Pinger up = Pinger.start(bond.client.stack(), bond.server.stack(), PING, ofSeconds(5));
        Pinger down = Pinger.startIpv6(bond.server.stack(), bond.client.stack(), PING, ofSeconds(5));

        for (SimulatedLink link : bond.client.links()) {
            bond.run(ofMillis(bond.simulation.random().nextInt(200)));
            fail.accept(link);
            bond.run(ofMillis(700));
            mend.accept(link);
            bond.run(ofMillis(1_500));
        }
        bond.run(ofSeconds(3));

        assertThat(up.lostNumbers()).as("of %d from the client", up.sent()).isEmpty();
        assertThat(down.lostNumbers()).as("of %d from the server", down.sent()).isEmpty();
        assertThat(Math.max(up.mostRttNs(), down.mostRttNs())).isLessThan(MOST_RTT.toNanos());
        bond.checkConservation();
    }
}
