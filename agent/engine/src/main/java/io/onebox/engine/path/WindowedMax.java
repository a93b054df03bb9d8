package io.onebox.engine.path;

import java.util.Arrays;

/// The greatest value of the recent past. The past is kept in eight slots, so a value is forgotten
/// after 7/8 to 8/8 of the window. Time only goes forward.
final class WindowedMax {

    private static final int SLOTS = 8;

    /// The maximum of no values.
    static final long NONE = Long.MIN_VALUE;

    private final long[] greatest = new long[SLOTS];
    private long slotNs;
    private long slot = -1;

    WindowedMax(long windowNs) {
        this.slotNs = windowNs / SLOTS;
        Arrays.fill(greatest, NONE);
    }

    /// Changes the window if it differs by more than half: a change remembers the present maximum anew.
    void window(long windowNs, long nowNs) {
        long wantedNs = windowNs / SLOTS;
        if (Math.abs(wantedNs - slotNs) > slotNs / 2) {
            long now = max(nowNs);
            slotNs = wantedNs;
            reset(now, nowNs);
        }
    }

    void add(long value, long nowNs) {
        advance(nowNs);
        int index = (int) (slot % SLOTS);
        greatest[index] = Math.max(greatest[index], value);
    }

    /// The greatest value of the window, or [#NONE].
    long max(long nowNs) {
        advance(nowNs);
        long max = NONE;
        for (long value : greatest) {
            max = Math.max(max, value);
        }
        return max;
    }

    /// Forgets everything but `value`.
    void reset(long value, long nowNs) {
        Arrays.fill(greatest, NONE);
        slot = nowNs / slotNs;
        greatest[(int) (slot % SLOTS)] = value;
    }

    private void advance(long nowNs) {
        long now = nowNs / slotNs;
        if (slot < 0) {
            slot = now;
        }
        if (now - slot >= SLOTS) {
            Arrays.fill(greatest, NONE);
            slot = now;
        }
        while (slot < now) {
            slot++;
            greatest[(int) (slot % SLOTS)] = NONE;
        }
    }
}
