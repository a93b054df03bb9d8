package io.onebox.simulator.traffic;

/// Maximum over a sliding window of time, from the three best samples.
///
/// Source: Kathleen Nichols' algorithm as in Linux, lib/minmax.c; written anew.
final class WindowedMax {

    private final long window;
    private final long[] at = new long[3];
    private final double[] value = new double[3];

    /// @param window its length, in the unit of the instants
    WindowedMax(long window) {
        this.window = window;
    }

    double max() {
        return value[0];
    }

    void reset(long now, double sample) {
        for (int i = 0; i < 3; i++) {
            set(i, now, sample);
        }
    }

    void add(long now, double sample) {
        if (sample >= value[0] || now - at[2] > window) {
            reset(now, sample);
            return;
        }
        if (sample >= value[1]) {
            set(1, now, sample);
            set(2, now, sample);
        } else if (sample >= value[2]) {
            set(2, now, sample);
        }
        age(now, sample);
    }

    private void age(long now, double sample) {
        long sinceBest = now - at[0];
        if (sinceBest > window) {
            shift();
            set(2, now, sample);
            if (now - at[0] > window) {
                shift();
                set(2, now, sample);
            }
        } else if (at[1] == at[0] && sinceBest > window / 4) {
            set(1, now, sample);
            set(2, now, sample);
        } else if (at[2] == at[1] && sinceBest > window / 2) {
            set(2, now, sample);
        }
    }

    private void shift() {
        set(0, at[1], value[1]);
        set(1, at[2], value[2]);
    }

    private void set(int index, long now, double sample) {
        at[index] = now;
        value[index] = sample;
    }
}
