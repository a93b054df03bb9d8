package io.onebox.engine.repair;

/// The data keys of inner packets that wait to be sent again, in the order they were found lost. Bounded:
/// when full, the oldest is forgotten. It grows to what it once needed.
public final class RepairQueue {

    /// As many as can be in flight on all paths of a fast session; a guess.
    private static final int MAX_CAPACITY = 8_192;

    /// An idle session needs little: a server has hundreds of them.
    private static final int FIRST_CAPACITY = 64;

    private long[] keys = new long[FIRST_CAPACITY];
    private int first;
    private int count;

    /// Adds a key behind all others.
    public void add(long key) {
        if (count == MAX_CAPACITY) {
            poll();
        } else if (count == keys.length) {
            grow();
        }
        keys[first + count & keys.length - 1] = key;
        count++;
    }

    private void grow() {
        long[] grown = new long[2 * keys.length];
        for (int i = 0; i < count; i++) {
            grown[i] = keys[first + i & keys.length - 1];
        }
        keys = grown;
        first = 0;
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
        first = first + 1 & keys.length - 1;
        count--;
        return key;
    }

    /// Forgets every key.
    public void clear() {
        count = 0;
    }
}
