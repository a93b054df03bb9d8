package io.onebox.simulator.traffic;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.simulator.BareLink;
import io.onebox.simulator.Simulation;
import io.onebox.simulator.link.LinkShape;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamTest {

    private static final LinkShape SHAPE =
            LinkShape.PERFECT.megabitsPerSecond(10).delay(ofMillis(15));

    private final Simulation simulation = new Simulation(new Random(1));

    @Test
    void pingsMeasureTheRoundTripInBothFamilies() {
        var link = new BareLink(simulation, SHAPE, SHAPE, 1_500);

        Pinger pinger = Pinger.start(link.left(), link.right(), ofMillis(50), ofSeconds(1));
        Pinger ipv6 = Pinger.startIpv6(link.right(), link.left(), ofMillis(50), ofSeconds(1));
        simulation.run(ofSeconds(2));

        assertThat(pinger.sent()).isEqualTo(20);
        assertThat(pinger.lost()).isZero();
        assertThat(ipv6.lost()).isZero();
        assertThat(pinger.meanRttNs()).isBetween(30_000_000L, 31_000_000L);
    }

    @Test
    void pingsCountWhatIsLost() {
        var link = new BareLink(simulation, SHAPE, SHAPE.loss(1), 1_500);

        Pinger pinger = Pinger.start(link.left(), link.right(), ofMillis(100), ofSeconds(1));
        simulation.run(ofSeconds(2));

        assertThat(pinger.lost()).isEqualTo(10);
        assertThat(pinger.lostNumbers()).hasSize(10).startsWith(0, 1);
    }

    @Test
    void aStreamKeepsItsRateAndSeesDuplicatesAndReordering() {
        var link = new BareLink(simulation, SHAPE.duplication(0.1).reordering(0.1, ofMillis(10)), SHAPE, 1_500);

        ConstantUdp stream = ConstantUdp.start(link.left(), link.right(), 1_000, 8, ofSeconds(1));
        simulation.run(ofSeconds(2));

        assertThat(stream.sent()).isEqualTo(1_000);
        assertThat(stream.lost()).isZero();
        assertThat(stream.duplicates()).isPositive();
        assertThat(stream.reordered()).isPositive();
        assertThat(stream.meanDelayNs()).isBetween(15_000_000L, 20_000_000L);
    }
}
