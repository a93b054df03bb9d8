package io.onebox.testbed.bench;

import java.util.Locale;

/// What a row must reach.
///
/// @param unit of all numbers here
/// @param isFloor whether more is better
/// @param needed the least, or the most, that will do
/// @param reference what 100 % is; 0 if there is no such thing
record Goal(String unit, boolean isFloor, double needed, double reference) {

    private static final String MBITS = "Mbit/s";

    /// At least this share of `reference`, in Mbit/s.
    static Goal share(double share, double reference) {
        return new Goal(MBITS, true, share * reference, reference);
    }

    /// At least this many Mbit/s.
    static Goal rate(double needed) {
        return new Goal(MBITS, true, needed, 0);
    }

    /// No more than this.
    static Goal atMost(double needed, String unit) {
        return new Goal(unit, false, needed, 0);
    }

    boolean hasReference() {
        return reference > 0;
    }

    boolean isReachedBy(double measured) {
        return isFloor ? measured >= needed : measured <= needed;
    }

    double percent(double measured) {
        return 100 * measured / reference;
    }

    String percentText(double measured) {
        return hasReference() ? String.format(Locale.ROOT, "%.1f%%", percent(measured)) : unit;
    }

    String neededText() {
        String bound = isFloor ? ">= " : "<= ";
        return hasReference()
                ? String.format(Locale.ROOT, "%s%.1f%%", bound, percent(needed))
                : String.format(Locale.ROOT, "%s%.2f", bound, needed);
    }
}
