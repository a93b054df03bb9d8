package io.onebox.testbed.bench;

import java.util.List;
import java.util.Locale;

/// The result as a drawing: a bar for each line that has a reference, a stroke where the promise begins, and a
/// dot for each peer.
final class Picture {

    private static final int LINE = 22;
    private static final int TOP = 40;
    private static final int LEFT = 260;
    private static final double PIXELS_PER_PERCENT = 6;
    private static final int MARGIN = 120;
    private static final double FULL = 100;

    private final List<Outcome> outcomes;

    Picture(List<Outcome> outcomes) {
        this.outcomes = outcomes.stream()
                .filter(outcome -> outcome.goal().hasReference())
                .toList();
    }

    /// An SVG document.
    String svg() {
        double width = LEFT + FULL * PIXELS_PER_PERCENT + MARGIN;
        int height = TOP + outcomes.size() * LINE + LINE;
        var svg = new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$.0f" height="%2$d" font-family="sans-serif" \
                font-size="12">
                <rect width="%1$.0f" height="%2$d" fill="white"/>
                <text x="8" y="20">percent of the links alone; stroke: promised; dot: kernel MPTCP</text>
                """, width, height));
        for (int percent = 0; percent <= FULL; percent += 25) {
            svg.append(String.format(Locale.ROOT, """
                    <path d="M%1$.1f %2$d V%3$d" stroke="#ddd"/>
                    <text x="%1$.1f" y="%4$d" text-anchor="middle" fill="#777">%5$d</text>
                    """, x(percent), TOP, height - LINE, height - 6, percent));
        }
        for (int i = 0; i < outcomes.size(); i++) {
            svg.append(bar(outcomes.get(i), TOP + i * LINE));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String bar(Outcome outcome, int y) {
        Goal goal = outcome.goal();
        double percent = goal.percent(outcome.measured());
        var bar = new StringBuilder(String.format(
                Locale.ROOT,
                """
                <text x="8" y="%1$d">%2$s  %3$s</text>
                <rect x="%4$d" y="%5$d" width="%6$.1f" height="14" fill="%7$s"/>
                <text x="%8$.1f" y="%1$d">%9$.1f%%</text>
                <path d="M%10$.1f %11$d v20" stroke="black" stroke-width="2"/>
                """,
                y + 14,
                outcome.row(),
                outcome.what(),
                LEFT,
                y + 3,
                Math.max(0, x(percent) - LEFT),
                outcome.isReached() ? "#4a9" : "#d76",
                x(Math.max(percent, FULL)) + 12,
                percent,
                x(goal.percent(goal.needed())),
                y));
        outcome.peers()
                .values()
                .forEach(rate -> bar.append(String.format(
                        Locale.ROOT,
                        "<circle cx=\"%.1f\" cy=\"%d\" r=\"4\" fill=\"#36c\"/>%n",
                        x(goal.percent(rate)),
                        y + 10)));
        return bar.toString();
    }

    private static double x(double percent) {
        return LEFT + Math.min(percent, FULL + 5) * PIXELS_PER_PERCENT;
    }
}
