package io.onebox.testbed.bench;

import io.onebox.testbed.UplinkSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Pings while a TCP flow fills links that would queue half a second.
record LatencyRow() implements Row {

    private static final double BEST_RTT_MS = 20;
    private static final double ALLOWANCE_MS = 25;
    private static final double SHARE = 0.95;

    @Override
    public String id() {
        return "k";
    }

    @Override
    public String title() {
        return "as a with queues of 500 ms; ping p95 while a TCP flow saturates";
    }

    @Override
    public void measure(Plan plan, Consumer<Outcome> outcomes) {
        Pace pace = plan.pace();
        try (var rig = new Rig(
                List.of(bloated("up1", "rate 50mbit", "delay 10ms"), bloated("up2", "rate 20mbit", "delay 40ms")))) {
            rig.startBond();
            for (Flow flow : plan.flows(1)) {
                List<Sample> samples = new ArrayList<>();
                for (int run = 0; run < pace.runs(); run++) {
                    samples.add(percentile(rig, flow, pace));
                }
                String what = flow + ", ping p95";
                Goal goal = Goal.atMost(BEST_RTT_MS + ALLOWANCE_MS, "ms");
                outcomes.accept(new Outcome(id(), what, goal, samples, List.of(), Map.of()));
            }
        }
    }

    private static Sample percentile(Rig rig, Flow flow, Pace pace) {
        var watch = Watch.begin();
        var transfer = Alongside.start(() -> rig.bond(flow, pace));
        Disruption.pause(pace.warmUpSeconds());
        List<Double> rtts = rig.ping(pace.seconds()).rttsMs();
        transfer.await();
        return watch.sample(rtts.isEmpty() ? Double.POSITIVE_INFINITY : Statistics.percentile(rtts, SHARE));
    }

    private static UplinkSpec bloated(String name, String rate, String delay) {
        return UplinkSpec.of(name, rate, "queue 500ms", delay);
    }
}
