package io.onebox.simulator;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.stats.PathSnapshot;
import io.onebox.simulator.traffic.ConstantUdp;
import io.onebox.simulator.traffic.InnerTcp;
import io.onebox.simulator.traffic.Pinger;
import io.onebox.simulator.traffic.TcpOptions;
import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;

/// What a prototype had to learn, each lesson after a collapse of the bond: `protocol.md` 2, *Lessons*. Numbers are
/// those of the list there. Each scenario was seen to fail when its lesson was taken out of the engine, but 2 and 5:
/// against those it has several guards, each of which suffices.
class LessonsTest {

    private static final double MEGABIT = 125_000;

    /// 1: bursts of a radio are no rate. Without `DeliveryRate.MIN_SPAN_NS` and `JITTERS` a link of 10 is taken for
    /// one of 20 and more.
    @Seeded(runs = 100)
    void takesNoBurstForARate(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(10, 15);
        bond.link(6, 40).jitter(ofMillis(15));
        bond.connect();
        bond.download(options(random));
        bond.run(ofSeconds(2));

        for (int i = 0; i < 20; i++) {
            bond.run(ofMillis(100));
            for (PathSnapshot path : paths(bond.server)) {
                assertThat(path.capacityTxBytesPerSecond() / MEGABIT)
                        .isLessThan(1.8 * bond.megabitsPerSecond(path.pathId()));
            }
        }
    }

    /// 2: feedback that arrives out of order is no sample.
    @Seeded(runs = 100)
    void ignoresFeedbackThatWasOvertaken(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(10, 15).up(shape -> shape.reordering(0.2, ofMillis(25)));
        bond.link(6, 40).up(shape -> shape.reordering(0.2, ofMillis(25)));
        bond.connect();
        InnerTcp flow = bond.download(options(random));
        bond.run(ofSeconds(2));

        for (PathSnapshot path : paths(bond.server)) {
            assertThat(path.capacityTxBytesPerSecond() / MEGABIT)
                    .isLessThan(1.35 * bond.megabitsPerSecond(path.pathId()));
        }
        assertThat(bond.rate(flow, ofSeconds(2))).isGreaterThan(0.75 * bond.payloadMegabits());
    }

    /// 3: jitter is no queue. Without the minimum over `QueueDelay.STANDING_WINDOW_NS` and the guard's floor the
    /// link that strays is starved.
    @Seeded(runs = 100)
    void starvesNoLinkThatStrays(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(10, 10);
        bond.link(6, 30).jitter(ofMillis(20));
        bond.connect();
        bond.download(options(random));
        bond.run(ofSeconds(4));
        SimulatedLink straying = bond.client.links().get(1);
        long before = straying.arrivedDownBytes();

        bond.run(ofSeconds(4));

        assertThat((straying.arrivedDownBytes() - before) / (4 * MEGABIT)).isGreaterThan(0.7 * 6);
    }

    /// 4: who sends little learns nothing about what a path could carry, and forgets nothing.
    @Seeded(runs = 100)
    void forgetsNoRateWhileLittleIsSent(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(10, 10);
        bond.link(6, 40);
        bond.connect();
        InnerTcp first = InnerTcp.start(bond.server.stack(), bond.client.stack(), TcpOptions.BBR, 5_000_000);
        bond.run(ofSeconds(6));
        assertThat(first.isDone()).isTrue();

        ConstantUdp.start(bond.server.stack(), bond.client.stack(), 600, 2, ofSeconds(30));
        bond.run(ofSeconds(30));

        for (PathSnapshot path : paths(bond.server)) {
            assertThat(path.capacityTxBytesPerSecond() / MEGABIT)
                    .isBetween(
                            0.7 * bond.megabitsPerSecond(path.pathId()), 1.35 * bond.megabitsPerSecond(path.pathId()));
        }
    }

    /// 5: the last packet of a burst has nothing behind it that would prove its loss.
    @Seeded(runs = 100)
    void provesTheLossOfTheLastPacket(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(10, 10).loss(0.05);
        bond.link(6, 30).loss(0.05);
        bond.connect();

        // Far more than are sparse, so that none goes twice.
        ConstantUdp stream = ConstantUdp.start(bond.server.stack(), bond.client.stack(), 1_200, 2, ofSeconds(3));
        bond.run(ofSeconds(5));

        assertThat(stream.lost()).isZero();
    }

    /// 6: back-pressure alone lets pings wait in TUN behind the bulk flow.
    @Seeded(runs = 100)
    void letsNoPingWaitBehindBulk(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(10, 10).queue(ofMillis(500));
        bond.link(6, 40).queue(ofMillis(500));
        bond.connect();
        bond.upload(options(random));
        bond.run(ofSeconds(3));

        Pinger pinger = Pinger.start(bond.client.stack(), bond.server.stack(), ofMillis(20), ofSeconds(3));
        bond.run(ofSeconds(4));

        assertThat(pinger.lost()).isZero();
        assertThat(pinger.meanRttNs() / 1e6).isLessThan(20 + 25);
    }

    /// 7: BBR takes the round trip of its SYN for the best there is, for ten seconds: the SYN must not be early.
    @Seeded(runs = 100)
    void doesNotFoolBbrWithAnEarlySyn(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(10, 10);
        bond.link(8, 40);
        bond.connect();

        InnerTcp flow = bond.download(TcpOptions.BBR);
        bond.run(ofSeconds(2));

        assertThat(bond.rate(flow, ofSeconds(4))).isGreaterThan(0.85 * bond.payloadMegabits());
    }

    /// All of it together: row e2 of the bonding table, at a fifth of its rates. Without repair Cubic has a sixth.
    @Seeded(runs = 100)
    void addsUpWithLossAndJitter(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(10, 15).loss(0.0005);
        bond.link(4, 45).loss(0.005).jitter(ofMillis(15));
        bond.connect();

        InnerTcp flow = random.nextBoolean() ? bond.download(options(random)) : bond.upload(options(random));
        bond.run(ofSeconds(3));

        assertThat(bond.rate(flow, ofSeconds(5))).as(bond.story()).isGreaterThan(0.4 * bond.payloadMegabits());
        bond.checkConservation();
    }

    private static TcpOptions options(RandomGenerator random) {
        return random.nextBoolean() ? TcpOptions.CUBIC : TcpOptions.BBR;
    }

    private static Iterable<PathSnapshot> paths(SimulatedHost host) {
        return host.agent().snapshot().getFirst().paths();
    }
}
