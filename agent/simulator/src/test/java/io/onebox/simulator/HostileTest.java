package io.onebox.simulator;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.noise.JceAead;
import io.onebox.simulator.traffic.ConstantUdp;
import io.onebox.simulator.traffic.Pinger;
import io.onebox.testing.Seeded;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Who has no key changes nothing.
class HostileTest {

    @Seeded(runs = 50)
    void replayedDatagramsChangeNothing(RandomGenerator random) {
        checkNothingChanges(random, Eavesdropper::replay);
    }

    @Seeded(runs = 50)
    void datagramsReplayedFromElsewhereChangeNothing(RandomGenerator random) {
        checkNothingChanges(random, Eavesdropper::replayFromElsewhere);
    }

    @Seeded(runs = 50)
    void forgedDatagramsChangeNothing(RandomGenerator random) {
        checkNothingChanges(random, Eavesdropper::sendForgeries);
    }

    @Seeded(runs = 50)
    void garbageChangesNothing(RandomGenerator random) {
        checkNothingChanges(random, eavesdropper -> eavesdropper.sendGarbage(500));
    }

    private static void checkNothingChanges(RandomGenerator random, Consumer<Eavesdropper> attack) {
        var bond = new Bond(new Simulation(random, JceAead.factory()));
        Eavesdropper eavesdropper = bond.link(8, 5 + random.nextInt(30)).eavesdrop();
        bond.connect();
        ConstantUdp stream = ConstantUdp.start(bond.client.stack(), bond.server.stack(), 400, 0.4, ofSeconds(2));
        Pinger pinger = Pinger.start(bond.client.stack(), bond.server.stack(), ofMillis(50), ofSeconds(2));
        bond.run(ofMillis(500 + random.nextInt(500)));
        int eventsBefore = bond.server.events().size();
        assertThat(eavesdropper.heard()).isPositive();

        attack.accept(eavesdropper);
        bond.run(ofSeconds(3));

        assertThat(pinger.lostNumbers()).isEmpty();
        assertThat(stream.lost()).isZero();
        assertThat(stream.duplicates()).isZero();
        assertThat(bond.server.events()).as(bond::story).hasSize(eventsBefore);
        assertThat(bond.pathStates()).containsExactly("usable");
        assertThat(bond.server.sentToStrangers()).isZero();
        bond.checkConservation();
    }
}
