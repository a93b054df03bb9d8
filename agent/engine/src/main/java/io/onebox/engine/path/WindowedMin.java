package io.onebox.engine.path;

/// The least value of the recent past; see [WindowedMax].
public final class WindowedMin {

    /// The minimum of no values.
    public static final long NONE = Long.MAX_VALUE;

    private final WindowedMax negated;

    /// Remembers values for `windowNs`.
    public WindowedMin(long windowNs) {
        this.negated = new WindowedMax(windowNs);
    }

    /// Takes in a value.
    public void add(long value, long nowNs) {
        negated.add(-value, nowNs);
    }

    /// The least value of the window, or [#NONE].
    public long min(long nowNs) {
        long max = negated.max(nowNs);
        return max == WindowedMax.NONE ? NONE : -max;
    }
}
