package io.onebox.simulator;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.stats.PathSnapshot;
import io.onebox.simulator.traffic.InnerTcp;
import io.onebox.simulator.traffic.TcpOptions;
import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;

/// What people buy a bonding router for: the links add up.
class BondingTest {

    /// Share of what the links can carry together; the next step is 95 %.
    private static final double ENOUGH = 0.85;

    /// Cubic still loses more on some links.
    private static final double ENOUGH_FOR_CUBIC = 0.75;

    @Seeded(runs = 50)
    void addsUpForCubicUp(RandomGenerator random) {
        Bond bond = twoLinks(random);

        checkAddsUp(bond, bond.upload(TcpOptions.CUBIC), ENOUGH_FOR_CUBIC);
    }

    @Seeded(runs = 50)
    void addsUpForCubicDown(RandomGenerator random) {
        Bond bond = twoLinks(random);

        checkAddsUp(bond, bond.download(TcpOptions.CUBIC), ENOUGH_FOR_CUBIC);
    }

    @Seeded(runs = 50)
    void addsUpForBbrUp(RandomGenerator random) {
        Bond bond = twoLinks(random);

        checkAddsUp(bond, bond.upload(TcpOptions.BBR), ENOUGH);
    }

    @Seeded(runs = 50)
    void addsUpForBbrDown(RandomGenerator random) {
        Bond bond = twoLinks(random);

        checkAddsUp(bond, bond.download(TcpOptions.BBR), ENOUGH);
    }

    @Seeded(runs = 50)
    void addsUpThreeLinks(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(12, 10);
        bond.link(8, 25);
        bond.link(5, 40);
        bond.connect();

        checkAddsUp(bond, bond.download(random.nextBoolean() ? TcpOptions.CUBIC : TcpOptions.BBR), ENOUGH);
    }

    /// The links of the issue: 50 Mbit/s with 20 ms and 20 Mbit/s with 80 ms.
    @Seeded(runs = 5)
    void addsUpFiftyAndTwenty(RandomGenerator random) {
        for (TcpOptions options : new TcpOptions[] {TcpOptions.CUBIC, TcpOptions.BBR}) {
            var bond = new Bond(random);
            bond.link(50, 10);
            bond.link(20, 40);
            bond.connect();

            checkAddsUp(bond, bond.download(options), ENOUGH);
        }
    }

    /// A flow that starts finds its way known: links tell their rate when they come up.
    @Seeded(runs = 100)
    void knowsItsLinksBeforeTheyAreNeeded(RandomGenerator random) {
        Bond bond = twoLinks(random);

        for (SimulatedHost host : bond.simulation.hosts()) {
            for (PathSnapshot path : host.agent().snapshot().getFirst().paths()) {
                double rate = bond.megabitsPerSecond(path.pathId());
                assertThat(path.capacityTxBytesPerSecond() / 125_000.0).isBetween(0.8 * rate, 1.05 * rate);
            }
        }
        bond.checkConservation();
    }

    /// Nobody measures what comes in; the other end tells what it knows.
    @Seeded(runs = 20)
    void eachEndTellsTheOtherWhatItsDirectionCarries(RandomGenerator random) {
        Bond bond = twoLinks(random);

        bond.run(ofSeconds(3));
        bond.download(TcpOptions.CUBIC);
        bond.run(ofSeconds(5));

        for (SimulatedHost host : bond.simulation.hosts()) {
            for (PathSnapshot path : host.agent().snapshot().getFirst().paths()) {
                double rate = bond.megabitsPerSecond(path.pathId());
                assertThat(path.capacityRxBytesPerSecond() / 125_000.0).isBetween(0.5 * rate, 1.2 * rate);
            }
        }
        bond.checkConservation();
    }

    private static Bond twoLinks(RandomGenerator random) {
        var bond = new Bond(random);
        bond.randomLink();
        bond.randomLink();
        return bond.connect();
    }

    private static void checkAddsUp(Bond bond, InnerTcp flow, double enough) {
        bond.run(ofSeconds(3));

        assertThat(bond.rate(flow, ofSeconds(3))).isGreaterThan(enough * bond.payloadMegabits());
        bond.checkConservation();
    }
}
