package io.onebox.testbed.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One line of the result.
///
/// @param row letter of the row
/// @param what within the row, such as `cubic up`
/// @param goal what is promised
/// @param samples each run
/// @param alone what each link reached without the tunnel; empty if that says nothing
/// @param peers what other programs reached in the same run
record Outcome(
        String row, String what, Goal goal, List<Sample> samples, List<Double> alone, Map<String, Double> peers) {

    private static final double BUSY_IDLE_SHARE = 0.05;

    Outcome {
        samples = List.copyOf(samples);
        alone = List.copyOf(alone);
        peers = Map.copyOf(peers);
    }

    /// A line of one run, without links alone or peers.
    static Outcome of(String row, String what, Goal goal, Sample sample) {
        return new Outcome(row, what, goal, List.of(sample), List.of(), Map.of());
    }

    /// Median of the runs.
    double measured() {
        return Statistics.median(Sample.values(samples));
    }

    boolean isReached() {
        return goal.isReachedBy(measured());
    }

    /// Idle processor time in the busiest run.
    double idleShare() {
        return samples.stream().mapToDouble(Sample::idleShare).min().orElse(1);
    }

    /// Whether the machine rather than the tunnel may have been what limits.
    boolean isMachineBusy() {
        return idleShare() < BUSY_IDLE_SHARE;
    }

    private double stolenShare() {
        return samples.stream().mapToDouble(Sample::stolenShare).max().orElse(0);
    }

    /// The heading over [#line]s.
    static String heading() {
        return "%-4s%-44s %9s %-28s %8s %11s %-4s %6s %6s  %s"
                .formatted(
                        "row", "what", "measured", "  links alone", "percent", "needed", "", "idle", "steal", "peers");
    }

    /// For people.
    String line() {
        return String.format(
                        Locale.ROOT,
                        "%-4s%-44s %9.2f %-28s %8s %11s %-4s %5.0f%%%s %5.1f%%  %s",
                        row,
                        what,
                        measured(),
                        aloneText(),
                        goal.percentText(measured()),
                        goal.neededText(),
                        isReached() ? "ok" : "MISS",
                        idleShare() * 100,
                        isMachineBusy() ? "*" : " ",
                        stolenShare() * 100,
                        peersText())
                .stripTrailing();
    }

    private String aloneText() {
        if (alone.isEmpty()) {
            return "";
        }
        List<String> parts = alone.stream()
                .map(value -> String.format(Locale.ROOT, "%.1f", value))
                .toList();
        return String.format(Locale.ROOT, "  %s = %.1f", String.join(" + ", parts), Statistics.sum(alone));
    }

    private String peersText() {
        return String.join(
                ", ",
                peers.entrySet().stream()
                        .map(peer -> String.format(Locale.ROOT, "%s %.1f", peer.getKey(), peer.getValue()))
                        .sorted()
                        .toList());
    }

    /// For programs.
    JsonObject json() {
        var json = new JsonObject()
                .put("row", row)
                .put("what", what)
                .put("unit", goal.unit())
                .put("measured", measured())
                .put("runs", new JsonArray(Sample.values(samples)))
                .put("alone", new JsonArray(alone))
                .put("needed", goal.needed())
                .put("more_is_better", goal.isFloor())
                .put("reached", isReached())
                .put("idle_share", idleShare())
                .put("machine_busy", isMachineBusy())
                .put("steal_share", stolenShare());
        if (goal.hasReference()) {
            json.put("reference", goal.reference()).put("percent", goal.percent(measured()));
        }
        var others = new JsonObject();
        peers.forEach(others::put);
        return json.put("peers", others);
    }
}
