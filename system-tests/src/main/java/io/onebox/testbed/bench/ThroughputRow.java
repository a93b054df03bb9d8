package io.onebox.testbed.bench;

import io.onebox.testbed.UplinkSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// TCP over all links, against the sum of what the same flow reaches on each link by itself.
///
/// @param parallel connections
/// @param conditions what happens to the links after they were measured alone; `""` in a row without
/// @param target what is promised
record ThroughputRow(
        String id, String title, List<UplinkSpec> links, int parallel, List<Condition> conditions, Target target)
        implements Row {

    /// What a promise is measured by.
    interface Target {
        /// The promise for one line.
        ///
        /// @param alone what the links reached by themselves
        Goal goal(Direction direction, double alone);
    }

    /// A change of the links' shape for some lines of the row.
    ///
    /// @param name for people
    /// @param shape commands of the emulator by the position of the link
    record Condition(String name, Map<Integer, String> shape) {

        /// Links as they are.
        static final Condition NONE = new Condition("", Map.of());

        private void apply(Rig rig) {
            shape.forEach((position, command) -> rig.links().get(position).shape(command));
        }

        private String label(Flow flow) {
            return name.isEmpty() ? flow.toString() : flow + ", " + name;
        }
    }

    private record Line(Condition condition, Flow flow) {}

    /// A row of one condition.
    static ThroughputRow of(String id, String title, int parallel, Target target, UplinkSpec... links) {
        return new ThroughputRow(id, title, List.of(links), parallel, List.of(Condition.NONE), target);
    }

    @Override
    public void measure(Plan plan, Consumer<Outcome> outcomes) {
        List<Flow> flows = plan.flows(parallel);
        try (var rig = new Rig(links)) {
            Map<Flow, List<Double>> alone = new HashMap<>();
            flows.forEach(flow -> alone.put(flow, rig.alone(flow, plan.pace())));
            Map<Line, Double> mptcp = new HashMap<>();
            if (plan.withPeers()) {
                forEachLine(rig, flows, line -> mptcp.put(line, rig.mptcp(line.flow(), plan.pace())));
            }
            conditions.getFirst().apply(rig);
            rig.startBond();
            forEachLine(rig, flows, line -> {
                List<Double> links = alone.getOrDefault(line.flow(), List.of());
                Goal goal = target.goal(line.flow().direction(), Statistics.sum(links));
                List<Sample> samples = IntStream.range(0, plan.pace().runs())
                        .mapToObj(_ -> rig.bond(line.flow(), plan.pace()))
                        .toList();
                Double peer = mptcp.get(line);
                Map<String, Double> peers = peer == null ? Map.of() : Map.of("mptcp", peer);
                outcomes.accept(new Outcome(id, line.condition().label(line.flow()), goal, samples, links, peers));
            });
        }
    }

    private void forEachLine(Rig rig, List<Flow> flows, Consumer<Line> action) {
        for (Condition condition : conditions) {
            condition.apply(rig);
            flows.forEach(flow -> action.accept(new Line(condition, flow)));
        }
    }
}
