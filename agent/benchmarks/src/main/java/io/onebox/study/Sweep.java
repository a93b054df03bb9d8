package io.onebox.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.LongStream;

/// Changes one constant of the engine at a time and measures each scenario.
final class Sweep {

    /// What the value in use is multiplied by.
    private static final double[] FACTORS = {0.25, 0.5, 0.7, 1, 1.4, 2, 4};

    /// Those that decide how the bond does, and for which a neighbour of the value in use was in question.
    private static final List<Constant> CONSTANTS = List.of(
            new Constant("queue.FlowQueue", "TARGET_NS"),
            new Constant("path.RateModel", "MIN_WINDOW_NS"),
            new Constant("path.RateModel", "DRAINED_NS"),
            new Constant("path.RateModel", "QUEUE_LOW_NS"),
            new Constant("path.RateModel", "QUEUE_MIDDLE_NS"),
            new Constant("path.RateModel", "QUEUE_HIGH_NS"),
            new Constant("path.RateModel", "LOSS_FLOOR"),
            new Constant("path.RateModel", "VARYING_GAIN"),
            new Constant("path.DeliveryRate", "MIN_SPAN_NS"),
            new Constant("path.QueueDelay", "STANDING_WINDOW_NS"),
            new Constant("path.QueueDelay", "BASE_WINDOW_NS"),
            new Constant("path.Pacer", "EARLY_NS"),
            new Constant("session.Playout", "MARGIN_NS"),
            new Constant("session.Playout", "DECAY_NS"),
            new Constant("session.Incoming", "REPAIR_MARGIN_NS"),
            new Constant("session.DataSender", "REPAIR_BACKLOG_NS"),
            new Constant("session.Outgoing", "RUN_NS"),
            new Constant("schedule.Eligibility", "MAX_SKEW_NS"));

    private static final String HEADER = "constant\tvalue\tfactor\tscenario\tmean\tworst\n";

    private final int seeds;
    private final StringBuilder table = new StringBuilder(HEADER);

    Sweep(int seeds) {
        this.seeds = seeds;
    }

    /// Measures everything, prints lines as they come, and writes the table.
    void run(Path to) throws IOException {
        for (Constant constant : CONSTANTS) {
            double inUse = constant.value();
            for (double factor : FACTORS) {
                measure(constant, inUse * factor, factor);
            }
        }
        Files.createDirectories(to.getParent());
        Files.writeString(to, table);
    }

    private void measure(Constant constant, double value, double factor) {
        ToDoubleBiFunction<String, Long> scenarios = new TunedClasses(constant, value).scenarios();
        List<String> cells = new ArrayList<>();
        for (Scenario scenario : Scenario.values()) {
            double[] found = LongStream.rangeClosed(1, seeds)
                    .parallel()
                    .mapToDouble(seed -> scenarios.applyAsDouble(scenario.name(), seed))
                    .toArray();
            double mean = Arrays.stream(found).average().orElseThrow();
            double worst = scenario.isDelay()
                    ? Arrays.stream(found).max().orElseThrow()
                    : Arrays.stream(found).min().orElseThrow();
            table.append(String.format(
                    Locale.ROOT,
                    "%s\t%s\t%.2f\t%s\t%.2f\t%.2f%n",
                    constant.title(),
                    spelled(value),
                    factor,
                    scenario.title(),
                    mean,
                    worst));
            cells.add(String.format(Locale.ROOT, "%6.1f", mean));
        }
        System.out.printf(Locale.ROOT, "%-30s %8s  %s%n", constant.title(), spelled(value), String.join(" ", cells));
    }

    private static String spelled(double value) {
        return value < 1_000
                ? String.format(Locale.ROOT, "%.3g", value)
                : String.format(Locale.ROOT, "%.3g ms", value / 1e6);
    }
}
