package io.onebox.engine.repair;

/// The data keys of inner packets that wait to be sent again, in the order they were found lost. Bounded:
/// when full, the oldest is forgotten. Never allocates after it was made.
public final class RepairQueue {

    /// As many as can be in flight on all paths of a fast session; a guess.
    private static final int CAPACITY = 8_192;

    private final long[] keys = new long[CAPACITY];
    private int first;
    private int count;

    /// Adds a key behind all others.
    public void add(long key) {
        if (count == CAPACITY) {
            poll();
        }
        keys[first + count & CAPACITY - 1] = key;
        count++;
    }

    /// Whether nothing waits.
    public boolean isEmpty() {
        return count == 0;
    }

    /// The first key; the queue must not be empty.
    public long peek() {
        return keys[first];
    }

    /// Takes the first key; the queue must not be empty.
    public long poll() {
        long key = keys[first];
        first = first + 1 & CAPACITY - 1;
        count--;
        return key;
    }

    /// Forgets every key.
    public void clear() {
        count = 0;
    }
}
