package io.onebox.testbed.bench;

import io.onebox.testbed.Shell;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// Measures every row of the table of promises that was asked for, and says which are kept. Started by
/// `bin/bench bonding`, as root.
public final class Bench {

    // sysexits.h
    private static final int EX_USAGE = 64;

    private static final int SOMETHING_MISSED = 1;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final Plan plan;

    private Bench(Plan plan) {
        this.plan = plan;
    }

    /// Measures; see `docs/benchmarks/bonding.md` for the options.
    ///
    /// @param args the directory for the results, then the options
    public static void main(String[] args) throws IOException {
        List<String> words = List.of(args);
        Path directory = Path.of(words.getFirst());
        try {
            var bench = new Bench(Plan.parse(words.subList(1, words.size())));
            bench.run();
            bench.write(directory);
            System.exit(bench.hasMissed() ? SOMETHING_MISSED : 0);
        } catch (Plan.BadOption e) {
            System.err.println("bin/bench bonding: " + e.getMessage());
            System.exit(EX_USAGE);
        }
    }

    private void run() {
        List<Row> rows = Rows.all(plan.pace());
        List<String> known =
                rows.stream().flatMap(row -> row.ids().stream()).distinct().toList();
        plan.rows().stream().filter(row -> !known.contains(row)).findFirst().ifPresent(row -> {
            throw new Plan.BadOption("--row %s: the rows are %s".formatted(row, String.join(", ", known)));
        });
        out.println(Outcome.heading());
        for (Row row : rows) {
            if (plan.wants(row)) {
                out.printf("%-4s%s%n", row.id(), row.title());
                measure(row);
            }
        }
    }

    private void measure(Row row) {
        try {
            row.measure(plan, this::add);
        } catch (IllegalStateException | Shell.CommandFailed e) {
            failures.add(row.id() + ": " + e.getMessage());
            out.printf("%-4sNOT MEASURED: %s%n", row.id(), e.getMessage());
        }
    }

    private void add(Outcome outcome) {
        outcomes.add(outcome);
        out.println(outcome.line());
    }

    private boolean hasMissed() {
        return !failures.isEmpty() || !outcomes.stream().allMatch(Outcome::isReached);
    }

    private void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        var lines = new JsonArray();
        outcomes.forEach(outcome -> lines.add(outcome.json()));
        var json = new JsonObject()
                .put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("commit", System.getProperty("onebox.commit", ""))
                .put("quick", plan.isQuick())
                .put("outcomes", lines)
                .put("not_measured", new JsonArray(failures));
        Files.writeString(directory.resolve("bonding.json"), json.encodePrettily() + "\n");
        Files.writeString(directory.resolve("bonding.svg"), new Picture(outcomes).svg());
        long missed = outcomes.stream().filter(outcome -> !outcome.isReached()).count();
        out.printf(
                "%d of %d lines kept, %d missed, %d rows not measured; %s/bonding.json, bonding.svg%n",
                outcomes.size() - missed, outcomes.size(), missed, failures.size(), directory);
    }
}
