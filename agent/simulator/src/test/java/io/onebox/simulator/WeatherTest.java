package io.onebox.simulator;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.simulator.link.LinkShape;
import io.onebox.simulator.traffic.ConstantUdp;
import io.onebox.simulator.traffic.InnerTcp;
import io.onebox.simulator.traffic.TcpOptions;
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

    /// Anything may happen to any link at any time; when it is over, the bond is what it was.
    @Seeded(runs = 100)
    void isWhatItWasAfterAnyWeather(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(4, 10);
        bond.link(3, 30);
        bond.link(2, 50);
        bond.connect();
        InnerTcp flow = bond.download(random.nextBoolean() ? TcpOptions.CUBIC : TcpOptions.BBR);
        bond.upload(TcpOptions.CUBIC);
        bond.run(ofSeconds(2));

        for (int i = 0; i < 20; i++) {
            SimulatedLink link = bond.client.links().get(random.nextInt(3));
            Runnable end = strike(link, random);
            bond.run(ofMillis(50 + random.nextInt(400)));
            end.run();
        }
        bond.run(ofSeconds(6));

        assertThat(bond.pathStates()).as(bond.story()).containsOnly("usable");
        assertThat(bond.rate(flow, ofSeconds(3))).as(bond.story()).isGreaterThan(0.4 * bond.payloadMegabits());
        bond.checkConservation();
    }

    /// Lets something happen to a link.
    ///
    /// @return ends it
    private static Runnable strike(SimulatedLink link, RandomGenerator random) {
        LinkShape before = link.down().shape();
        switch (random.nextInt(8)) {
            case 0 -> link.cut();
            case 1 -> link.cutDown();
            case 2 -> link.unplug();
            case 3 -> link.pause();
            case 4 -> link.rebind();
            case 5 -> link.down(shape -> shape.loss(0.3));
            case 6 -> link.down(shape -> shape.megabitsPerSecond(0.5));
            default -> link.down(shape -> shape.delay(ofMillis(200)).reorderingJitter(ofMillis(50)));
        }
        return () -> {
            link.restore();
            link.plug();
            link.resume();
            link.down(_ -> before);
        };
    }
}
