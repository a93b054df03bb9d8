package io.onebox.testbed.bench;

import io.onebox.testbed.IperfReport;
import io.onebox.testbed.UplinkSpec;
import java.util.List;
import java.util.function.Consumer;

/// A stream of UDP while each link is lost in four ways. Either link alone can carry the stream.
record StreamRow() implements Row {

    private static final int MEGABITS = 20;

    @Override
    public String id() {
        return "i";
    }

    @Override
    public String title() {
        return "50 + 50 Mbit/s, RTT 20 / 80 ms; each link lost in four ways under 20 Mbit/s of UDP";
    }

    @Override
    public void measure(Plan plan, Consumer<Outcome> outcomes) {
        for (Direction direction : plan.directions()) {
            try (var rig =
                    new Rig(List.of(Rows.fifty(), UplinkSpec.of("up2", "rate 50mbit", "queue 100ms", "delay 40ms")))) {
                rig.startBond();
                int seconds = Disruption.seconds(rig.links().size());
                var watch = Watch.begin();
                var stream = Alongside.start(() -> rig.udp(MEGABITS, direction, 0, seconds));
                Disruption.all(rig.links());
                IperfReport report = stream.await();
                outcomes.accept(Outcome.of(
                        id(),
                        "UDP %s, packets lost".formatted(direction),
                        Goal.atMost(0, "packets"),
                        watch.sample((double) report.lostPackets())));
            }
        }
    }
}
