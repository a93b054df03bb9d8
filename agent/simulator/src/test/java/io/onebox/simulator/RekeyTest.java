package io.onebox.simulator;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.session.SessionEvent;
import io.onebox.simulator.traffic.ConstantUdp;
import io.onebox.simulator.traffic.Pinger;
import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;

/// Keys change every two minutes (WireGuard whitepaper, section 6.1), and nobody notices.
class RekeyTest {

    @Seeded(runs = 50)
    void losesNothingUnderTraffic(RandomGenerator random) {
        var bond = new Bond(random);
        bond.randomLink();
        bond.randomLink();
        bond.connect();

        ConstantUdp up = ConstantUdp.start(bond.client.stack(), bond.server.stack(), 300, 0.05, ofMinutes(5));
        ConstantUdp down = ConstantUdp.start(bond.server.stack(), bond.client.stack(), 300, 0.05, ofMinutes(5));
        bond.run(ofSeconds(302));

        assertThat(up.lost()).isZero();
        assertThat(down.lost()).isZero();
        assertThat(handshakes(bond)).isBetween(2L * 3, 2L * 5);
        bond.checkConservation();
    }

    /// A session that nobody used for long answers its first packet after one handshake.
    @Seeded(runs = 50)
    void wakesUpAfterALongSilence(RandomGenerator random) {
        var bond = new Bond(random);
        bond.randomLink().nat(ofSeconds(30));
        bond.randomLink().nat(ofSeconds(30));
        bond.connect();
        bond.run(ofSeconds(400 + random.nextInt(400)));

        Pinger pinger = Pinger.start(bond.client.stack(), bond.server.stack(), ofMillis(50), ofSeconds(1));
        bond.run(ofSeconds(3));

        assertThat(pinger.lostNumbers()).isEmpty();
        bond.checkConservation();
    }

    private static long handshakes(Bond bond) {
        return bond.client.events().stream()
                .filter(timed -> timed.event() instanceof SessionEvent.HandshakeCompleted)
                .count();
    }
}
