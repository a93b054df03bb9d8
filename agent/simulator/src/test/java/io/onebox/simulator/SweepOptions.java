package io.onebox.simulator;

import java.util.List;

/// What to sweep over.
///
/// @param links uplinks of each bond
/// @param bonds how many random bonds
/// @param firstSeed seed of the first bond; the others follow
/// @param controls congestion controls of the inner flow: `cubic`, `bbr`
/// @param directions `up`, `down`
/// @param warmUpSeconds before anything is measured
/// @param seconds to measure for
/// @param mostLoss largest random loss of a link; half of them have none
/// @param mostJitterMs largest jitter of a link; half of them have none
/// @param measureSingles whether to run each link alone, instead of assuming that it is filled
/// @param trace whether to print one run as CSV instead of a table
record SweepOptions(
        int links,
        int bonds,
        long firstSeed,
        List<String> controls,
        List<String> directions,
        int warmUpSeconds,
        int seconds,
        double mostLoss,
        int mostJitterMs,
        boolean measureSingles,
        boolean trace) {

    static final String USAGE = """
            Sweep [--pairs N | --triples N] [--seed FIRST] [--cc cubic,bbr] [--dir up,down]
                  [--warm-up SECONDS] [--seconds SECONDS] [--loss MOST] [--jitter MOST_MS] [--fast] [--trace]
            """;

    static SweepOptions parse(String... arguments) {
        int links = 2;
        int bonds = 20;
        long firstSeed = 1;
        List<String> controls = List.of("cubic", "bbr");
        List<String> directions = List.of("up", "down");
        int warmUpSeconds = 3;
        int seconds = 5;
        double mostLoss = 0;
        int mostJitterMs = 0;
        boolean measureSingles = true;
        boolean trace = false;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--pairs" -> bonds = Integer.parseInt(arguments[++i]);
                case "--triples" -> {
                    links = 3;
                    bonds = Integer.parseInt(arguments[++i]);
                }
                case "--seed" -> firstSeed = Long.parseLong(arguments[++i]);
                case "--cc" -> controls = List.of(arguments[++i].split(",", -1));
                case "--dir" -> directions = List.of(arguments[++i].split(",", -1));
                case "--warm-up" -> warmUpSeconds = Integer.parseInt(arguments[++i]);
                case "--seconds" -> seconds = Integer.parseInt(arguments[++i]);
                case "--loss" -> mostLoss = Double.parseDouble(arguments[++i]);
                case "--jitter" -> mostJitterMs = Integer.parseInt(arguments[++i]);
                case "--fast" -> measureSingles = false;
                case "--trace" -> trace = true;
                default -> throw new IllegalArgumentException(arguments[i] + "?\n" + USAGE);
            }
        }
        return new SweepOptions(
                links,
                bonds,
                firstSeed,
                controls,
                directions,
                warmUpSeconds,
                seconds,
                mostLoss,
                mostJitterMs,
                measureSingles,
                trace);
    }
}
