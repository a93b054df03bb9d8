package io.onebox.agent.cli;

import io.onebox.shared.config.Rates;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Numbers as people read them; a dash for what is not known.
final class Figures {

    static final String UNKNOWN = "-";

    private static final double MILLISECONDS = 1_000;
    private static final double PERCENT = 100;

    private Figures() {}

    static String rate(@Nullable Double bitsPerSecond) {
        return bitsPerSecond == null ? UNKNOWN : Rates.format(bitsPerSecond);
    }

    static String milliseconds(@Nullable Double seconds) {
        return seconds == null ? UNKNOWN : String.format(Locale.ROOT, "%.1fms", seconds * MILLISECONDS);
    }

    static String percent(@Nullable Double ratio) {
        return ratio == null ? UNKNOWN : String.format(Locale.ROOT, "%.1f%%", ratio * PERCENT);
    }

    static String bytes(@Nullable Double bytes) {
        if (bytes == null) {
            return UNKNOWN;
        }
        String[] units = {"B", "kB", "MB", "GB", "TB"};
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < units.length - 1) {
            value /= 1_000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || value >= 99.95 ? "%.0f%s" : "%.1f%s", value, units[unit]);
    }
}
