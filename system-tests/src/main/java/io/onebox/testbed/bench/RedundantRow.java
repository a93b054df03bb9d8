package io.onebox.testbed.bench;

import io.onebox.testbed.IperfReport;
import io.onebox.testbed.TestbedLink;
import io.onebox.testbed.UplinkSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Every packet over both links, which lose many.
record RedundantRow() implements Row {

    private static final int MEGABITS = 5;
    private static final double PERCENT = 100;

    @Override
    public String id() {
        return "l";
    }

    @Override
    public String title() {
        return "redundant; 50 + 20 Mbit/s, RTT 20 / 80 ms, jitter 5 ms, 5 % loss on both; 5 Mbit/s of UDP";
    }

    @Override
    public void measure(Plan plan, Consumer<Outcome> outcomes) {
        int seconds = plan.pace().seconds();
        List<UplinkSpec> links = List.of(
                UplinkSpec.of("up1", "rate 50mbit", "queue 100ms", "delay 10ms", "jitter 5ms"),
                UplinkSpec.of("up2", "rate 20mbit", "queue 100ms", "delay 40ms", "jitter 5ms"));
        try (var rig = new Rig(links, "[bonding]\nmode = \"redundant\"\n", "")) {
            Map<Direction, Double> jitter = new HashMap<>();
            plan.directions().forEach(direction -> jitter.put(direction, leastJitterMs(rig, direction, seconds)));
            rig.startBond();
            // Only now: over a lossy link iperf3 may fail to begin.
            rig.links().forEach(link -> link.shape("loss 5%"));
            for (Direction direction : plan.directions()) {
                var watch = Watch.begin();
                IperfReport report = rig.udp(MEGABITS, direction, plan.pace().warmUpSeconds(), seconds);
                outcomes.accept(Outcome.of(
                        id(),
                        "UDP %s, percent lost".formatted(direction),
                        Goal.atMost(0.3, "%"),
                        watch.sample(report.lostShare() * PERCENT)));
                outcomes.accept(Outcome.of(
                        id(),
                        "UDP %s, jitter".formatted(direction),
                        Goal.atMost(jitter.getOrDefault(direction, 0.0), "ms"),
                        watch.sample(report.jitterMs())));
            }
        }
    }

    private static double leastJitterMs(Rig rig, Direction direction, int seconds) {
        double least = Double.POSITIVE_INFINITY;
        for (TestbedLink link : rig.links()) {
            least = Math.min(
                    least, rig.udpAlone(link, MEGABITS, direction, seconds).jitterMs());
        }
        return least;
    }
}
