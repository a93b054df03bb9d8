package io.onebox.simulator.link;

import java.util.Arrays;
import java.util.List;

/// When a recorded link could deliver: at each instant up to [#OPPORTUNITY_BYTES], and what is not
/// used is gone. The recording repeats with the instant of its last entry as period.
///
/// Source: the trace format of Mahimahi (Netravali et al., USENIX ATC 2015): a line is an instant in
/// whole milliseconds, and several lines with the same instant are several opportunities.
public final class DeliveryTrace {

    /// Bytes of one opportunity, one full packet.
    public static final int OPPORTUNITY_BYTES = 1500;

    private static final long NS_PER_MS = 1_000_000;

    private final long[] atNs;
    private final long periodNs;

    private DeliveryTrace(long[] atNs) {
        this.atNs = atNs;
        this.periodNs = atNs[atNs.length - 1];
    }

    /// A trace of instants in milliseconds, none below the one before.
    public static DeliveryTrace ofMillis(long... instants) {
        if (instants.length == 0 || instants[instants.length - 1] <= 0) {
            throw new IllegalArgumentException("a trace must end later than it starts");
        }
        var atNs = new long[instants.length];
        for (int i = 0; i < instants.length; i++) {
            if (instants[i] < (i == 0 ? 0 : instants[i - 1])) {
                throw new IllegalArgumentException("instant " + i + " goes back in time: " + instants[i]);
            }
            atNs[i] = instants[i] * NS_PER_MS;
        }
        return new DeliveryTrace(atNs);
    }

    /// Reads the lines of a Mahimahi file.
    public static DeliveryTrace parse(List<String> lines) {
        return ofMillis(lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray());
    }

    /// The instant of an opportunity, counted from 0 through all repetitions.
    long instantNs(long opportunity) {
        return opportunity / atNs.length * periodNs + atNs[(int) (opportunity % atNs.length)];
    }

    /// The first opportunity at or after `lineNs`.
    long firstFrom(long lineNs) {
        long repetition = Math.max(0, lineNs / periodNs - 1);
        while ((repetition + 1) * periodNs < lineNs) {
            repetition++;
        }
        int index = Arrays.binarySearch(atNs, lineNs - repetition * periodNs);
        if (index < 0) {
            index = -index - 1;
        }
        while (index > 0 && atNs[index - 1] == lineNs - repetition * periodNs) {
            index--;
        }
        return repetition * atNs.length + index;
    }

    /// Mean rate over a period.
    public long bytesPerSecond() {
        return atNs.length * (long) OPPORTUNITY_BYTES * 1_000_000_000L / periodNs;
    }
}
