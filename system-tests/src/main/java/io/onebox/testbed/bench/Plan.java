package io.onebox.testbed.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// What somebody asked to be measured.
///
/// @param isQuick one short run of each
/// @param rows letters of rows; empty for all
/// @param systems congestion controls
/// @param directions up, down
/// @param withPeers whether kernel MPTCP is measured beside
record Plan(boolean isQuick, Set<String> rows, List<String> systems, List<Direction> directions, boolean withPeers) {

    private static final List<String> SYSTEMS = List.of("cubic", "bbr");

    /// The words of the command line are wrong.
    static final class BadOption extends RuntimeException {
        BadOption(String message) {
            super(message);
        }
    }

    /// Reads the command line.
    static Plan parse(List<String> words) {
        boolean quick = false;
        boolean peers = true;
        Set<String> rows = new TreeSet<>();
        List<String> systems = SYSTEMS;
        List<Direction> directions = List.of(Direction.values());
        var rest = new ArrayList<>(words);
        while (!rest.isEmpty()) {
            String option = rest.removeFirst();
            switch (option) {
                case "--quick" -> quick = true;
                case "--no-peers" -> peers = false;
                case "--row" -> rows.addAll(List.of(value(option, rest).split(",", -1)));
                case "--system" -> systems = List.of(oneOf(option, value(option, rest), SYSTEMS));
                case "--direction" -> {
                    String name = oneOf(option, value(option, rest), List.of("up", "down"));
                    directions = List.of(Direction.valueOf(name.toUpperCase(Locale.ROOT)));
                }
                default -> throw new BadOption("unknown option " + option);
            }
        }
        return new Plan(quick, rows, systems, directions, peers);
    }

    private static String value(String option, List<String> rest) {
        if (rest.isEmpty()) {
            throw new BadOption(option + " wants a value");
        }
        return rest.removeFirst();
    }

    private static String oneOf(String option, String value, List<String> known) {
        if (!known.contains(value)) {
            throw new BadOption("%s %s: say one of %s".formatted(option, value, String.join(", ", known)));
        }
        return value;
    }

    Pace pace() {
        return isQuick ? Pace.QUICK : Pace.FULL;
    }

    /// Every flow asked for.
    List<Flow> flows(int parallel) {
        return systems.stream()
                .flatMap(system -> directions.stream().map(direction -> new Flow(system, direction, parallel)))
                .toList();
    }

    boolean wants(Row row) {
        return rows.isEmpty() || row.ids().stream().anyMatch(rows::contains);
    }
}
