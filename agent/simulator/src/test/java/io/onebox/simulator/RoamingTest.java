package io.onebox.simulator;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.session.SessionEvent;
import io.onebox.simulator.traffic.Pinger;
import io.onebox.simulator.traffic.TcpOptions;
import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;

/// Addresses change under a session, and agents restart.
class RoamingTest {

    @Seeded(runs = 50)
    void losesNoPingWhenANatRebinds(RandomGenerator random) {
        Bond bond = bond(random);
        if (random.nextBoolean()) {
            bond.download(TcpOptions.CUBIC);
        }
        Pinger pinger = Pinger.start(bond.client.stack(), bond.server.stack(), ofMillis(20), ofSeconds(4));

        for (SimulatedLink link : bond.client.links()) {
            bond.run(ofMillis(500 + random.nextInt(1_000)));
            link.rebind();
        }
        bond.run(ofSeconds(5));

        assertThat(pinger.lostNumbers()).isEmpty();
        assertThat(bond.server.events())
                .extracting(SimulatedHost.TimedEvent::event)
                .filteredOn(SessionEvent.Roamed.class::isInstance)
                .hasSizeGreaterThanOrEqualTo(2);
        bond.checkConservation();
    }

    @Seeded(runs = 50)
    void isBackWithinSevenSecondsOfARestartOfTheServer(RandomGenerator random) {
        Bond bond = bond(random);
        bond.download(TcpOptions.BBR);
        bond.run(ofSeconds(1));

        bond.server.restart();
        bond.run(ofSeconds(7));

        checkPings(bond);
    }

    @Seeded(runs = 50)
    void isBackWithinTwoSecondsOfARestartOfTheClient(RandomGenerator random) {
        Bond bond = bond(random);
        bond.upload(TcpOptions.CUBIC);
        bond.run(ofSeconds(1));

        bond.client.restart();
        bond.run(ofSeconds(2));

        checkPings(bond);
    }

    @Seeded(runs = 50)
    void isBackWithinASecondOfARestartInOrderOfEitherSide(RandomGenerator random) {
        Bond bond = bond(random);
        SimulatedHost host = random.nextBoolean() ? bond.client : bond.server;

        host.stop();
        bond.run(ofMillis(random.nextInt(8_000)));
        host.start();
        bond.run(ofSeconds(1));

        checkPings(bond);
    }

    @Seeded(runs = 50)
    void mindsNoJumpOfTheWallClockAhead(RandomGenerator random) {
        Bond bond = bond(random);

        bond.client.jumpWallClock(ofSeconds(1 + random.nextInt(100_000)));
        bond.client.restart();
        bond.run(ofSeconds(2));

        checkPings(bond);
    }

    private static Bond bond(RandomGenerator random) {
        var bond = new Bond(random);
        bond.link(8, 5 + random.nextInt(20)).nat(ofSeconds(30));
        bond.link(6, 5 + random.nextInt(40)).nat(ofSeconds(30));
        return bond.connect();
    }

    private static void checkPings(Bond bond) {
        Pinger up = Pinger.start(bond.client.stack(), bond.server.stack(), ofMillis(50), ofSeconds(1));
        Pinger down = Pinger.start(bond.server.stack(), bond.client.stack(), ofMillis(50), ofSeconds(1));
        bond.run(ofSeconds(2));

        assertThat(up.lostNumbers()).isEmpty();
        assertThat(down.lostNumbers()).isEmpty();
        assertThat(bond.pathStates()).containsOnly("usable");
        bond.checkConservation();
    }
}
