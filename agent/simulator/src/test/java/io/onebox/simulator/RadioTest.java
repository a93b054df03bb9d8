package io.onebox.simulator;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.simulator.link.DeliveryTrace;
import io.onebox.simulator.link.RadioTrace;
import io.onebox.simulator.traffic.InnerTcp;
import io.onebox.simulator.traffic.TcpOptions;
import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;

/// Links like those of a mobile network: their rate wanders by a factor of ten, their delay strays.
class RadioTest {

    private static final int PERIOD_MS = 8_000;
    private static final double DSL = 40;

    private static Bond dslAndLte(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(DSL, 9);
        DeliveryTrace trace = DeliveryTrace.parse(RadioTrace.lines(PERIOD_MS));
        bond.link(RadioTrace.meanMegabitsPerSecond(PERIOD_MS), 25)
                .jitter(ofMillis(15))
                .shape(shape -> shape.trace(trace).queue(ofMillis(200)));
        return bond.connect();
    }

    /// Row d of the bonding table, with a wave twice as fast.
    @Seeded(runs = 100)
    void addsUpWithALinkWhoseRateWanders(RandomGenerator random) {
        Bond bond = dslAndLte(random);
        TcpOptions options = random.nextBoolean() ? TcpOptions.BBR : TcpOptions.CUBIC;

        InnerTcp flow = random.nextBoolean() ? bond.download(options) : bond.upload(options);
        bond.run(ofSeconds(4));

        assertThat(bond.rate(flow, ofMillis(PERIOD_MS)))
                .as(options.toString() + bond.story())
                .isGreaterThan(0.5 * bond.payloadMegabits());
    }
}
