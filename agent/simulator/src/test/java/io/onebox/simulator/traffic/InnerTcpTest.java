package io.onebox.simulator.traffic;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.simulator.BareLink;
import io.onebox.simulator.Simulation;
import io.onebox.simulator.link.LinkShape;
import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;

/// The models behave as Linux does, before anything is concluded from them.
class InnerTcpTest {

    private static final int MTU = 1_500;

    /// Payload of 1448 bytes in packets of 1500.
    private static final double CEILING = 1_448.0 / MTU;

    private static final LinkShape SHAPE =
            LinkShape.PERFECT.megabitsPerSecond(50).delay(ofMillis(10)).queue(ofMillis(100));

    @Seeded(runs = 3)
    void cubicFillsALink(RandomGenerator random) {
        InnerTcp flow = flow(random, SHAPE, TcpOptions.CUBIC);

        assertThat(flow.megabitsPerSecond()).isBetween(0.95 * 50 * CEILING, 50.0);
        assertThat(flow.timeouts()).isZero();
    }

    @Seeded(runs = 3)
    void bbrFillsALinkWithoutFillingItsQueue(RandomGenerator random) {
        InnerTcp flow = flow(random, SHAPE, TcpOptions.BBR);

        assertThat(flow.megabitsPerSecond()).isBetween(0.95 * 50 * CEILING, 50.0);
        assertThat(flow.srttNs()).isLessThan(ofMillis(30).toNanos());
    }

    @Seeded(runs = 10)
    void cubicCollapsesUnderRandomLoss(RandomGenerator random) {
        InnerTcp flow = flow(random, SHAPE.loss(0.01), TcpOptions.CUBIC);

        assertThat(flow.megabitsPerSecond()).isBetween(2.0, 15.0);
        assertThat(flow.undos()).as("every reduction was needed").isZero();
    }

    @Seeded(runs = 10)
    void bbrDoesNotMindRandomLoss(RandomGenerator random) {
        InnerTcp flow = flow(random, SHAPE.loss(0.01), TcpOptions.BBR);

        assertThat(flow.megabitsPerSecond()).isGreaterThan(0.9 * 50 * CEILING);
    }

    @Seeded(runs = 10)
    void adaptsToReordering(RandomGenerator random) {
        InnerTcp flow = flow(random, SHAPE.reordering(0.02, ofMillis(3)), TcpOptions.CUBIC);

        assertThat(flow.reorderedSegments()).isPositive();
        assertThat(flow.megabitsPerSecond()).isGreaterThan(0.9 * 50 * CEILING);
    }

    @Seeded(runs = 10)
    void takesBackAReductionThatWasNeedless(RandomGenerator random) {
        InnerTcp flow = flow(random, SHAPE.reordering(0.0005, ofMillis(40)), TcpOptions.CUBIC);

        assertThat(flow.undos()).isPositive();
        assertThat(flow.megabitsPerSecond()).isGreaterThan(0.8 * 50 * CEILING);
    }

    @Seeded(runs = 10)
    void survivesABlackHole(RandomGenerator random) {
        for (TcpOptions options : new TcpOptions[] {TcpOptions.CUBIC, TcpOptions.BBR}) {
            var simulation = new Simulation(random);
            var link = new BareLink(simulation, SHAPE, SHAPE, MTU);
            InnerTcp flow = InnerTcp.start(link.left(), link.right(), options);
            simulation.run(ofSeconds(2));

            link.up().cut();
            simulation.run(ofMillis(1_500));
            link.up().restore(simulation.nowNs());
            simulation.run(ofSeconds(3));
            flow.mark();
            simulation.run(ofSeconds(2));

            assertThat(flow.timeouts()).isPositive();
            assertThat(flow.megabitsPerSecond()).isGreaterThan(0.9 * 50 * CEILING);
        }
    }

    @Seeded(runs = 3)
    void finishesATransferOfGivenSize(RandomGenerator random) {
        var simulation = new Simulation(random);
        var link = new BareLink(simulation, SHAPE.loss(0.02), SHAPE.loss(0.02), MTU);
        InnerTcp flow = InnerTcp.start(link.left(), link.right(), TcpOptions.CUBIC.withIpv6(), 1_000_000);

        simulation.run(ofSeconds(20));

        assertThat(flow.isDone()).isTrue();
        assertThat(flow.receivedBytes()).isBetween(1_000_000L, 1_000_000L + MTU);
    }

    private static InnerTcp flow(RandomGenerator random, LinkShape shape, TcpOptions options) {
        var simulation = new Simulation(random);
        var link = new BareLink(simulation, shape, SHAPE, MTU);
        InnerTcp flow = InnerTcp.start(link.left(), link.right(), options);
        simulation.run(ofSeconds(1));
        flow.mark();
        simulation.run(ofSeconds(8));
        return flow;
    }
}
