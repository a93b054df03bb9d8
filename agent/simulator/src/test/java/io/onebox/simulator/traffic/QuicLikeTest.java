package io.onebox.simulator.traffic;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.simulator.BareLink;
import io.onebox.simulator.Simulation;
import io.onebox.simulator.link.LinkShape;
import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;

/// A flow that takes reordering for loss shows what reordering costs.
class QuicLikeTest {

    private static final LinkShape SHAPE =
            LinkShape.PERFECT.megabitsPerSecond(50).delay(ofMillis(10)).queue(ofMillis(100));

    @Seeded(runs = 3)
    void fillsALink(RandomGenerator random) {
        assertThat(rate(random, SHAPE, new Cubic())).isGreaterThan(47);
        assertThat(rate(random, SHAPE, new Bbr())).isGreaterThan(46);
    }

    @Seeded(runs = 3)
    void bbrDoesNotMindRandomLoss(RandomGenerator random) {
        assertThat(rate(random, SHAPE.loss(0.01), new Bbr())).isGreaterThan(45);
    }

    @Seeded(runs = 3)
    void takesReorderingForLoss(RandomGenerator random) {
        assertThat(rate(random, SHAPE.reordering(0.02, ofMillis(3)), new Cubic()))
                .isLessThan(20);
    }

    private static double rate(RandomGenerator random, LinkShape shape, CongestionControl control) {
        var simulation = new Simulation(random);
        var link = new BareLink(simulation, shape, SHAPE, 1_500);
        QuicLike flow = QuicLike.start(link.left(), link.right(), control);
        simulation.run(ofSeconds(1));
        flow.mark();
        simulation.run(ofSeconds(8));
        return flow.megabitsPerSecond();
    }
}
