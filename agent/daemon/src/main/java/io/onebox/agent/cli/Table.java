package io.onebox.agent.cli;

import java.util.ArrayList;
import java.util.List;

/// Rows in columns as wide as they need be: texts to the left, numbers to the right.
final class Table {

    private static final String GAP = "  ";

    private final List<Boolean> isNumber = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /// Columns by their titles; one that begins with `>` holds numbers.
    Table(String... titles) {
        List<String> head = new ArrayList<>();
        for (String title : titles) {
            isNumber.add(title.startsWith(">"));
            head.add(title.startsWith(">") ? title.substring(1) : title);
        }
        rows.add(head);
    }

    /// Adds a row with a cell for each column.
    void row(String... cells) {
        rows.add(List.of(cells));
    }

    /// The title line and the rows, each without its end of line.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String padding = " ".repeat(width(column) - row.get(column).length());
                line.append(column == 0 ? "" : GAP)
                        .append(isNumber.get(column) ? padding : "")
                        .append(row.get(column))
                        .append(isNumber.get(column) ? "" : padding);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
