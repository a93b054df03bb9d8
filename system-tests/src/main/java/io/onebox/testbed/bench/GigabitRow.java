package io.onebox.testbed.bench;

import io.onebox.testbed.UplinkSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Two slow links beside a fast one: the tunnel over all three against the tunnel over the fast one by itself.
/// Two processors may well be what limits both.
record GigabitRow() implements Row {

    @Override
    public String id() {
        return "g";
    }

    @Override
    public String title() {
        return "1 Gbit/s RTT 10 ms + 10 + 10 Mbit/s RTT 40 ms; percent of the tunnel over the first alone";
    }

    @Override
    public void measure(Plan plan, Consumer<Outcome> outcomes) {
        List<Flow> flows = plan.flows(1);
        try (var rig = new Rig(List.of(UplinkSpec.of("up1", "rate 1gbit", "queue 20ms", "delay 5ms")))) {
            Map<Flow, List<Double>> alone = new HashMap<>();
            flows.forEach(flow -> alone.put(flow, rig.alone(flow, plan.pace())));
            rig.startBond();
            Map<Flow, Double> fast = new HashMap<>();
            flows.forEach(flow -> fast.put(flow, Statistics.median(Sample.values(runs(rig, flow, plan)))));
            rig.plug(UplinkSpec.of("up2", "rate 10mbit", "queue 100ms", "delay 20ms"));
            rig.plug(UplinkSpec.of("up3", "rate 10mbit", "queue 100ms", "delay 20ms"));
            for (Flow flow : flows) {
                Goal goal = Goal.share(0.97, fast.getOrDefault(flow, 0.0));
                List<Sample> samples = runs(rig, flow, plan);
                outcomes.accept(new Outcome(
                        id(), flow.toString(), goal, samples, alone.getOrDefault(flow, List.of()), Map.of()));
            }
        }
    }

    private static List<Sample> runs(Rig rig, Flow flow, Plan plan) {
        return IntStream.range(0, plan.pace().runs())
                .mapToObj(_ -> rig.bond(flow, plan.pace()))
                .toList();
    }
}
