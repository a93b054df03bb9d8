package io.onebox.engine.session;

import io.onebox.engine.path.Path;

/// Third copies that wait for their moment: over the path of the first copy, a little later, because what hits one
/// packet often hits the next. Bounded: when full, the oldest is forgotten. Allocates nothing.
final class LateCopies {

    /// Later than the burst that was sent with the first, earlier than the next path; a guess.
    static final long AFTER_NS = 1_000_000;

    /// Of a stream of 100 Mbit/s ten are sent in that time.
    private static final int CAPACITY = 64;

    private final long[] keys = new long[CAPACITY];
    private final Path[] paths = new Path[CAPACITY];
    private final long[] dueNs = new long[CAPACITY];
    private int first;
    private int count;

    /// Notes that the packet `key`, which has just left over `path`, is sent once more.
    void add(long key, Path path, long nowNs) {
        if (count == CAPACITY) {
            poll();
        }
        int slot = first + count & CAPACITY - 1;
        keys[slot] = key;
        paths[slot] = path;
        dueNs[slot] = nowNs + AFTER_NS;
        count++;
    }

    /// When the first is due, or `Long.MAX_VALUE`.
    long dueNs() {
        return count == 0 ? Long.MAX_VALUE : dueNs[first];
    }

    /// The path of the first; there must be one.
    Path path() {
        return paths[first];
    }

    /// Takes the key of the first; there must be one.
    long poll() {
        long key = keys[first];
        first = first + 1 & CAPACITY - 1;
        count--;
        return key;
    }

    /// Forgets all.
    void clear() {
        count = 0;
    }
}
