package io.onebox.simulator.traffic;

import java.util.BitSet;

/// What became of a numbered stream of packets.
final class Arrivals {

    private final BitSet seen = new BitSet();
    private long highest = -1;
    private long received;
    private long duplicates;
    private long reordered;
    private long mostDelayNs;
    private long sumDelayNs;
    private long lastDelayNs;
    private long sumDifferenceNs;

    void onArrival(int number, long delayNs) {
        if (seen.get(number)) {
            duplicates++;
            return;
        }
        seen.set(number);
        sumDifferenceNs += received == 0 ? 0 : Math.abs(delayNs - lastDelayNs);
        lastDelayNs = delayNs;
        received++;
        reordered += number < highest ? 1 : 0;
        highest = Math.max(highest, number);
        mostDelayNs = Math.max(mostDelayNs, delayNs);
        sumDelayNs += delayNs;
    }

    boolean has(int number) {
        return seen.get(number);
    }

    long received() {
        return received;
    }

    long duplicates() {
        return duplicates;
    }

    long reordered() {
        return reordered;
    }

    long mostDelayNs() {
        return mostDelayNs;
    }

    long meanDelayNs() {
        return received == 0 ? 0 : sumDelayNs / received;
    }

    /// Mean difference between the delays of one packet and the next, as RFC 3550 smooths it.
    long meanJitterNs() {
        return received < 2 ? 0 : sumDifferenceNs / (received - 1);
    }
}
