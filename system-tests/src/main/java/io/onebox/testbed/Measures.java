package io.onebox.testbed;

import java.time.Duration;
import java.util.Locale;

/// Quantities as people write them: `20mbit`, `12.5ms`, `64kB`, `1%`.
final class Measures {

    private static final double NS_PER_MS = 1e6;

    private Measures() {}

    /// A rate in bytes per second.
    static long bytesPerSecond(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.endsWith("gbit")) {
            return Math.round(number(lower, "gbit") * 125e6);
        }
        if (lower.endsWith("mbit")) {
            return Math.round(number(lower, "mbit") * 125e3);
        }
        return Math.round(number(lower, "kbit") * 125);
    }

    /// An amount of memory in bytes.
    static long bytes(String text) {
        return text.endsWith("kB") ? Math.round(number(text, "kB") * 1000) : Math.round(number(text, "B"));
    }

    /// A length of time.
    static Duration duration(String text) {
        return Duration.ofNanos(Math.round(number(text, "ms") * NS_PER_MS));
    }

    /// A share in `0..1`.
    static double share(String text) {
        return number(text, "%") / 100;
    }

    private static double number(String text, String unit) {
        if (!text.endsWith(unit)) {
            throw new IllegalArgumentException("expected a number with '" + unit + "', was '" + text + "'");
        }
        return Double.parseDouble(text.substring(0, text.length() - unit.length()));
    }
}
