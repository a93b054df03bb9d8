package io.onebox.simulator;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.session.SessionEvent;
import io.onebox.simulator.traffic.Pinger;
import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;

/// Two agents find each other over whatever links there are.
class HandshakeTest {

    @Seeded(runs = 50)
    void everyPathIsUsableWithinASecond(RandomGenerator random) {
        var bond = new Bond(random);
        bond.randomLink();
        bond.randomLink();
        bond.randomLink();

        bond.client.connect(bond.server);
        bond.run(ofSeconds(1));

        assertThat(bond.pathStates()).containsOnly("usable").hasSize(3);
        bond.checkConservation();
    }

    /// A try a path and five seconds, of which four in nine succeed: 18 of them all fail once in 30,000 times.
    @Seeded(runs = 50)
    void succeedsOverLinksThatLoseAThird(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(5, 20).loss(0.33);
        bond.link(5, 40).loss(0.33);

        bond.client.connect(bond.server);
        bond.run(ofSeconds(90));

        assertThat(bond.client.events())
                .extracting(SimulatedHost.TimedEvent::event)
                .filteredOn(SessionEvent.HandshakeCompleted.class::isInstance)
                .hasSizeGreaterThanOrEqualTo(2);
        bond.checkConservation();
    }

    @Seeded(runs = 50)
    void keepsTryingUntilTheServerAppears(RandomGenerator random) {
        var bond = new Bond(random);
        bond.randomLink();
        bond.randomLink();
        bond.client.connect(bond.server);
        bond.server.kill();
        bond.run(ofSeconds(20 + random.nextInt(20)));

        bond.server.start();
        bond.run(ofSeconds(7));

        Pinger pinger = Pinger.start(bond.client.stack(), bond.server.stack(), ofMillis(50), ofSeconds(1));
        bond.run(ofSeconds(2));
        assertThat(pinger.lostNumbers()).isEmpty();
        bond.checkConservation();
    }

    @Seeded(runs = 50)
    void carriesTrafficOfBothFamilies(RandomGenerator random) {
        var bond = new Bond(random);
        bond.randomLink();
        bond.connect();

        Pinger ipv4 = Pinger.start(bond.client.stack(), bond.server.stack(), ofMillis(50), ofSeconds(1));
        Pinger ipv6 = Pinger.startIpv6(bond.client.stack(), bond.server.stack(), ofMillis(50), ofSeconds(1));
        bond.run(ofSeconds(2));

        assertThat(ipv4.lost()).isZero();
        assertThat(ipv6.lost()).isZero();
        bond.checkConservation();
    }
}
