package io.onebox.simulator.time;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A clock that moves only from event to event. Events at the same instant run in the order they were
/// scheduled.
///
/// A binary heap in three arrays, because a simulated second has tens of thousands of events and
/// objects for them would be most of the garbage.
public final class VirtualTime {

    private long[] atNs = new long[256];
    private long[] order = new long[256];
    private @Nullable Runnable[] actions = new Runnable[256];
    private int size;
    private long nowNs;
    private long nextOrder;

    /// Nanoseconds since the beginning.
    public long nowNs() {
        return nowNs;
    }

    /// Runs `action` at `whenNs`, or now, after what was scheduled for now before, if that is past.
    public void schedule(long whenNs, Runnable action) {
        if (size == atNs.length) {
            atNs = Arrays.copyOf(atNs, 2 * size);
            order = Arrays.copyOf(order, 2 * size);
            actions = Arrays.copyOf(actions, 2 * size);
        }
        int hole = size++;
        long dueNs = Math.max(whenNs, nowNs);
        while (hole > 0 && dueNs < atNs[(hole - 1) / 2]) {
            move((hole - 1) / 2, hole);
            hole = (hole - 1) / 2;
        }
        put(hole, dueNs, nextOrder++, action);
    }

    /// Lets time pass until `endNs`, running what is due on the way.
    public void runUntil(long endNs) {
        while (size > 0 && atNs[0] <= endNs) {
            nowNs = atNs[0];
            remove().run();
        }
        nowNs = Math.max(nowNs, endNs);
    }

    private Runnable remove() {
        Runnable first = actions[0];
        assert first != null;
        size--;
        long dueNs = atNs[size];
        long dueOrder = order[size];
        Runnable action = actions[size];
        actions[size] = null;
        if (size > 0 && action != null) {
            put(sink(dueNs, dueOrder), dueNs, dueOrder, action);
        }
        return first;
    }

    /// Moves smaller children up from the root until an event fits, and returns the hole.
    private int sink(long dueNs, long dueOrder) {
        int hole = 0;
        while (2 * hole + 1 < size) {
            int child = 2 * hole + 1;
            if (child + 1 < size && isBefore(atNs[child + 1], order[child + 1], child)) {
                child++;
            }
            if (isBefore(dueNs, dueOrder, child)) {
                break;
            }
            move(child, hole);
            hole = child;
        }
        return hole;
    }

    private boolean isBefore(long dueNs, long dueOrder, int index) {
        return dueNs < atNs[index] || (dueNs == atNs[index] && dueOrder < order[index]);
    }

    private void move(int from, int to) {
        atNs[to] = atNs[from];
        order[to] = order[from];
        actions[to] = actions[from];
    }

    private void put(int index, long dueNs, long dueOrder, Runnable action) {
        atNs[index] = dueNs;
        order[index] = dueOrder;
        actions[index] = action;
    }
}
