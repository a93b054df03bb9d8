package io.onebox.simulator;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.simulator.traffic.ConstantUdp;
import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;

/// Bad weather: what links do to packets.
class WeatherTest {

    /// What a link does to packets, short of losing them, changes nothing for those who use it.
    @Seeded(runs = 50)
    void duplicatesCorruptsAndReordersWithoutAnybodyNoticing(RandomGenerator random) {
        var bond = new Bond(random);
        for (int i = 0; i < 2; i++) {
            bond.link(6, 10 + 20 * i)
                    .shape(shape -> shape.duplication(0.05).corruption(0.01).reordering(0.05, ofMillis(8)));
        }
        bond.connect();

        ConstantUdp up = ConstantUdp.start(bond.client.stack(), bond.server.stack(), 1_000, 2, ofSeconds(3));
        ConstantUdp down = ConstantUdp.start(bond.server.stack(), bond.client.stack(), 200, 0.2, ofSeconds(3));
        bond.run(ofSeconds(5));

        for (ConstantUdp stream : new ConstantUdp[] {up, down}) {
            assertThat(stream.lost()).isZero();
            assertThat(stream.duplicates()).isZero();
        }
        bond.checkConservation();
    }
}
