package io.onebox.simulator;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.path.BondingMode;
import io.onebox.engine.path.LinkRole;
import io.onebox.engine.path.LinkSettings;
import io.onebox.simulator.traffic.ConstantUdp;
import io.onebox.simulator.traffic.InnerTcp;
import io.onebox.simulator.traffic.TcpOptions;
import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;

/// What the modes and roles promise, in both directions.
class ModesTest {

    private static final LinkSettings METERED = new LinkSettings(LinkRole.ALWAYS, true, 0, 0, false);

    private static Bond bond(RandomGenerator random, BondingMode mode) {
        var bond = new Bond(random);
        bond.client.mode(mode);
        return bond;
    }

    /// A stream of packets from either end.
    private static ConstantUdp stream(Bond bond, boolean up, double megabitsPerSecond, int seconds) {
        SimulatedHost from = up ? bond.client : bond.server;
        SimulatedHost to = up ? bond.server : bond.client;
        return ConstantUdp.start(from.stack(), to.stack(), 1_200, megabitsPerSecond, ofSeconds(seconds));
    }

    private static long carried(SimulatedLink link) {
        return link.arrivedUpBytes() + link.arrivedDownBytes();
    }

    /// Row l of the bonding table: 5 % random loss on both links.
    @Seeded(runs = 100)
    void redundantLosesNextToNothingAndIsAsEarlyAsTheBetterLink(RandomGenerator random) {
        Bond bond = bond(random, BondingMode.REDUNDANT);
        bond.link(20, 10).loss(0.05);
        bond.link(10, 30).loss(0.05);
        bond.connect();

        ConstantUdp stream = stream(bond, random.nextBoolean(), 4, 20);
        bond.run(ofSeconds(22));

        assertThat(stream.lost()).as(bond.story()).isLessThanOrEqualTo(stream.sent() * 3 / 1_000);
        assertThat(stream.duplicates()).isZero();
        assertThat(stream.meanDelayNs()).isLessThan(ofMillis(15).toNanos());
        assertThat(stream.mostDelayNs()).isLessThan(ofMillis(300).toNanos());
    }

    /// Row l: the jitter of the bond over two links that lose, beside that of the better of them when it loses nothing.
    @Seeded(runs = 100)
    void redundantOverLinksThatLoseIsSteadierThanTheBetterOneThatDoesNot(RandomGenerator random) {
        boolean up = random.nextBoolean();
        Bond alone = bond(random, BondingMode.REDUNDANT);
        alone.link(50, 10).jitter(ofMillis(5));
        alone.connect();
        ConstantUdp undisturbed = stream(alone, up, 5, 15);
        alone.run(ofSeconds(16));

        Bond bond = bond(random, BondingMode.REDUNDANT);
        bond.link(50, 10).jitter(ofMillis(5)).loss(0.05);
        bond.link(20, 40).jitter(ofMillis(5)).loss(0.05);
        bond.connect();
        stream(bond, up, 5, 3);
        bond.run(ofSeconds(3));
        ConstantUdp stream = stream(bond, up, 5, 15);
        bond.run(ofSeconds(16));

        assertThat(stream.lost()).as(bond.story()).isLessThanOrEqualTo(stream.sent() * 3 / 1_000);
        assertThat(stream.duplicates()).isZero();
        assertThat(stream.meanJitterNs()).as(bond.story()).isLessThanOrEqualTo(undisturbed.meanJitterNs());
    }

    @Seeded(runs = 50)
    void redundantDoesNotNoticeThatALinkDies(RandomGenerator random) {
        Bond bond = bond(random, BondingMode.REDUNDANT);
        SimulatedLink first = bond.link(20, 10);
        SimulatedLink second = bond.link(10, 20);
        bond.connect();

        ConstantUdp stream = stream(bond, random.nextBoolean(), 3, 8);
        bond.run(ofSeconds(4));
        (random.nextBoolean() ? first : second).cut();
        bond.run(ofSeconds(6));

        assertThat(stream.lost()).as(bond.story()).isZero();
        assertThat(stream.mostDelayNs()).isLessThan(ofMillis(60).toNanos());
    }

    @Seeded(runs = 50)
    void redundantIsAsFastAsTheFasterLink(RandomGenerator random) {
        Bond bond = bond(random, BondingMode.REDUNDANT);
        bond.link(20, 10);
        bond.link(10, 30);
        bond.connect();

        TcpOptions options = random.nextBoolean() ? TcpOptions.BBR : TcpOptions.CUBIC;
        InnerTcp flow = random.nextBoolean() ? bond.download(options) : bond.upload(options);
        bond.run(ofSeconds(3));

        double rate = bond.rate(flow, ofSeconds(10));
        assertThat(rate).as(bond.story()).isBetween(0.85 * 20 * Bond.CEILING, 1.1 * 20);
    }

    /// Row m: a metered link beside one that suffices, then does not, then does again.
    @Seeded(runs = 100)
    void costAwareUsesTheMeteredLinkOnlyWhileTheOtherIsFull(RandomGenerator random) {
        Bond bond = bond(random, BondingMode.COST_AWARE);
        bond.link(20, 9);
        SimulatedLink lte = bond.link(20, 25).settings(METERED);
        bond.connect();
        boolean up = random.nextBoolean();
        bond.run(ofSeconds(5));

        long before = carried(lte);
        stream(bond, up, 10, 10);
        bond.run(ofSeconds(10));
        assertThat((carried(lte) - before) * 8 / 10)
                .as("bit/s while the other suffices" + bond.story())
                .isLessThan(1_000);

        before = carried(lte);
        ConstantUdp stream = stream(bond, up, 28, 5);
        bond.run(ofMillis(500));
        assertThat(carried(lte) - before).as("overflow" + bond.story()).isGreaterThan(50_000);

        bond.run(ofMillis(4_500 + 2_000));
        before = carried(lte);
        stream(bond, up, 10, 10);
        bond.run(ofSeconds(10));
        assertThat((carried(lte) - before) * 8 / 10)
                .as("bit/s when the other suffices again" + bond.story())
                .isLessThan(1_000);
        assertThat(stream.lost()).isLessThan(stream.sent() / 10);
    }

    @Seeded(runs = 50)
    void aTcpFlowOverflowsToTheNextTier(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(10, 9);
        bond.link(20, 25).settings(new LinkSettings(LinkRole.SECONDARY, false, 0, 0, false));
        bond.connect();

        TcpOptions options = random.nextBoolean() ? TcpOptions.BBR : TcpOptions.CUBIC;
        InnerTcp flow = random.nextBoolean() ? bond.download(options) : bond.upload(options);
        bond.run(ofSeconds(4));

        assertThat(bond.rate(flow, ofSeconds(10))).as(bond.story()).isGreaterThan(0.75 * bond.payloadMegabits());
    }

    @Seeded(runs = 50)
    void theMeteredLinkTakesOverWhenTheOtherDies(RandomGenerator random) {
        Bond bond = bond(random, BondingMode.COST_AWARE);
        SimulatedLink dsl = bond.link(20, 9);
        bond.link(10, 25).settings(METERED);
        bond.connect();

        ConstantUdp stream = stream(bond, random.nextBoolean(), 3, 8);
        bond.run(ofSeconds(4));
        dsl.cut();
        bond.run(ofSeconds(6));

        assertThat(stream.lost()).as(bond.story()).isZero();
        assertThat(stream.mostDelayNs()).isLessThan(ofMillis(300).toNanos());
    }

    /// The client's wish is honoured on the way back too, at once.
    @Seeded(runs = 50)
    void aModeIsChangedUnderTraffic(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(20, 9);
        SimulatedLink lte = bond.link(20, 25).settings(METERED);
        bond.connect();
        boolean up = random.nextBoolean();
        ConstantUdp stream = stream(bond, up, 8, 30);
        bond.run(ofSeconds(3));

        bond.client.mode(BondingMode.REDUNDANT);
        bond.run(ofSeconds(1));
        long before = carried(lte);
        bond.run(ofSeconds(4));
        assertThat((carried(lte) - before) * 8.0 / 4e6)
                .as("Mbit/s of copies" + bond.story())
                .isGreaterThan(7.5);

        bond.client.mode(BondingMode.COST_AWARE);
        bond.run(ofSeconds(2));
        before = carried(lte);
        bond.run(ofSeconds(10));
        assertThat((carried(lte) - before) * 8 / 10).as("bit/s" + bond.story()).isLessThan(1_000);
        bond.run(ofSeconds(15));
        assertThat(stream.lost()).isZero();
    }
}
