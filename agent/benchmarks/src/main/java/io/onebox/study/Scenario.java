package io.onebox.study;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.onebox.simulator.Bond;
import io.onebox.simulator.link.DeliveryTrace;
import io.onebox.simulator.link.RadioTrace;
import io.onebox.simulator.traffic.InnerTcp;
import io.onebox.simulator.traffic.Pinger;
import io.onebox.simulator.traffic.TcpOptions;
import java.time.Duration;
import java.util.Random;
import java.util.function.ToDoubleBiFunction;

/// A situation of the bonding table, and a number that says how well the bond does in it.
enum Scenario {
    /// Row a: percent of what the links can carry.
    CLEAN_CUBIC("50 + 20 Mbit/s, 20/80 ms, Cubic"),
    CLEAN_BBR("50 + 20 Mbit/s, 20/80 ms, BBR"),

    /// Row e2.
    LOSSY_CUBIC("loss and jitter, Cubic"),
    LOSSY_BBR("loss and jitter, BBR"),

    /// Row d.
    RADIO("40 Mbit/s + LTE's wave, BBR"),

    /// Row k: milliseconds that a ping needs more than the faster link alone.
    PING("ping beside a full bond, ms");

    private static final Duration WARM_UP = ofSeconds(4);
    private static final int MEASURED_MS = 8_000;
    private static final double NS_PER_MS = 1e6;

    private final String title;

    Scenario(String title) {
        this.title = title;
    }

    /// What a reader calls it.
    String title() {
        return title;
    }

    /// Whether less is better.
    boolean isDelay() {
        return this == PING;
    }

    /// The number that a seed gives.
    double measure(long seed) {
        var bond = new Bond(new Random(seed));
        return switch (this) {
            case CLEAN_CUBIC -> percent(clean(bond, 100), TcpOptions.CUBIC);
            case CLEAN_BBR -> percent(clean(bond, 100), TcpOptions.BBR);
            case LOSSY_CUBIC -> percent(lossy(bond), TcpOptions.CUBIC);
            case LOSSY_BBR -> percent(lossy(bond), TcpOptions.BBR);
            case RADIO -> percent(radio(bond), TcpOptions.BBR);
            case PING -> pingMs(clean(bond, 500));
        };
    }

    private static Bond clean(Bond bond, int queueMs) {
        bond.link(50, 10).queue(ofMillis(queueMs));
        bond.link(20, 40).queue(ofMillis(queueMs));
        return bond;
    }

    private static Bond lossy(Bond bond) {
        bond.link(50, 15).loss(0.0005);
        bond.link(20, 45).loss(0.005).jitter(ofMillis(15));
        return bond;
    }

    private static Bond radio(Bond bond) {
        bond.link(40, 9);
        DeliveryTrace trace = DeliveryTrace.parse(RadioTrace.lines(MEASURED_MS));
        bond.link(RadioTrace.meanMegabitsPerSecond(MEASURED_MS), 25)
                .jitter(ofMillis(15))
                .shape(shape -> shape.trace(trace).queue(ofMillis(200)));
        return bond;
    }

    private static double percent(Bond bond, TcpOptions options) {
        bond.connect();
        InnerTcp flow = bond.download(options);
        bond.run(WARM_UP);
        return 100 * bond.rate(flow, ofMillis(MEASURED_MS)) / bond.payloadMegabits();
    }

    private static double pingMs(Bond bond) {
        bond.connect();
        InnerTcp _ = bond.download(TcpOptions.CUBIC);
        bond.run(WARM_UP);
        Pinger pinger = Pinger.start(bond.client().stack(), bond.server().stack(), ofMillis(20), ofMillis(MEASURED_MS));
        bond.run(ofMillis(MEASURED_MS));
        return pinger.meanRttNs() / NS_PER_MS - 20;
    }

    /// Measures a scenario by its name: what crosses from one class loader into another.
    public static final class ByName implements ToDoubleBiFunction<String, Long> {
        @Override
        public double applyAsDouble(String name, Long seed) {
            return valueOf(name).measure(seed);
        }
    }
}
