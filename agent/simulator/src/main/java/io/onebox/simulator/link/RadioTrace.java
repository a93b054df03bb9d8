package io.onebox.simulator.link;

import java.util.ArrayList;
import java.util.List;

/// A link whose rate wanders like LTE's, in Mahimahi's format. With a period as long as a run, every run sees the
/// same integral wherever in the trace it begins.
///
/// A made-up wave, not a recording: three sines of incommensurate speed, between 5 and 60 Mbit/s.
public final class RadioTrace {

    private static final double LEAST = 5;
    private static final double MOST = 60;
    private static final double BYTES_PER_MEGABIT_MS = 125;

    private RadioTrace() {}

    /// The rate at a time, in Mbit/s.
    public static double megabitsPerSecond(int millisecond, int periodMs) {
        double turn = 2 * Math.PI * millisecond / periodMs;
        double wave = 0.5 * Math.sin(2 * turn) + 0.3 * Math.sin(5 * turn + 1) + 0.2 * Math.sin(17 * turn + 2);
        return (LEAST + MOST) / 2 + (MOST - LEAST) / 2 * wave;
    }

    /// The mean rate, in Mbit/s.
    public static double meanMegabitsPerSecond(int periodMs) {
        double sum = 0;
        for (int ms = 0; ms < periodMs; ms++) {
            sum += megabitsPerSecond(ms, periodMs);
        }
        return sum / periodMs;
    }

    /// The trace, line by line.
    public static List<String> lines(int periodMs) {
        List<String> lines = new ArrayList<>();
        double credit = 0;
        for (int ms = 1; ms <= periodMs; ms++) {
            credit += megabitsPerSecond(ms, periodMs) * BYTES_PER_MEGABIT_MS;
            while (credit >= DeliveryTrace.OPPORTUNITY_BYTES) {
                credit -= DeliveryTrace.OPPORTUNITY_BYTES;
                lines.add(Integer.toString(ms));
            }
        }
        return lines;
    }
}
