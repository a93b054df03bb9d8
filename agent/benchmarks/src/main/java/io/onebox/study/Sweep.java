package io.onebox.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.LongStream;

/// Changes one constant of the engine at a time and measures each scenario.
final class Sweep {

    /// What the value in use is multiplied by.
    private static final double[] FACTORS = {0.25, 0.5, 1, 2, 4};

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
        Map<Scenario, Found> inUse = measure(new Scenario.ByName());
        for (Constant constant : CONSTANTS) {
            for (double factor : FACTORS) {
                double value = constant.value() * factor;
                note(
                        constant,
                        value,
                        factor,
                        factor == 1 ? inUse : measure(new TunedClasses(constant, value).scenarios()));
            }
        }
        Files.createDirectories(to.getParent());
        Files.writeString(to, table);
    }

    private record Found(double mean, double worst) {}

    private Map<Scenario, Found> measure(ToDoubleBiFunction<String, Long> scenarios) {
        Map<Scenario, Found> all = new EnumMap<>(Scenario.class);
        for (Scenario scenario : Scenario.values()) {
            DoubleSummaryStatistics found = LongStream.rangeClosed(1, seeds)
                    .parallel()
                    .mapToDouble(seed -> scenarios.applyAsDouble(scenario.name(), seed))
                    .summaryStatistics();
            all.put(scenario, new Found(found.getAverage(), scenario.isDelay() ? found.getMax() : found.getMin()));
        }
        return all;
    }

    private void note(Constant constant, double value, double factor, Map<Scenario, Found> found) {
        var line = new StringBuilder();
        found.forEach((scenario, numbers) -> {
            table.append(String.format(
                    Locale.ROOT,
                    "%s\t%s\t%.2f\t%s\t%.2f\t%.2f%n",
                    constant.title(),
                    spelled(value),
                    factor,
                    scenario.title(),
                    numbers.mean(),
                    numbers.worst()));
            line.append(String.format(Locale.ROOT, " %6.1f", numbers.mean()));
        });
        System.out.printf(Locale.ROOT, "%-30s %10s %s%n", constant.title(), spelled(value), line);
    }

    private static String spelled(double value) {
        return value < 1_000
                ? String.format(Locale.ROOT, "%.3g", value)
                : String.format(Locale.ROOT, "%.3g ms", value / 1e6);
    }
}
