package io.onebox.simulator.time;

/// One deadline that moves often. Moving it later costs nothing: the event already scheduled looks
/// again when it comes.
public final class Alarm {

    private static final long NEVER = Long.MAX_VALUE;

    private final VirtualTime time;
    private final Runnable action;
    private final Runnable ring = this::ring;
    private long dueNs = NEVER;
    private long scheduledNs = NEVER;

    /// An alarm that is not set.
    public Alarm(VirtualTime time, Runnable action) {
        this.time = time;
        this.action = action;
    }

    /// Sets the alarm, instead of what it was set to; `Long.MAX_VALUE` is never.
    public void set(long atNs) {
        dueNs = atNs;
        if (atNs < scheduledNs) {
            scheduledNs = Math.max(atNs, time.nowNs());
            time.schedule(scheduledNs, ring);
        }
    }

    /// Unsets the alarm.
    public void cancel() {
        dueNs = NEVER;
    }

    /// Whether the alarm is set.
    public boolean isSet() {
        return dueNs != NEVER;
    }

    private void ring() {
        long nowNs = time.nowNs();
        if (nowNs < scheduledNs) {
            return;
        }
        scheduledNs = NEVER;
        if (dueNs <= nowNs) {
            dueNs = NEVER;
            action.run();
        } else {
            set(dueNs);
        }
    }
}
