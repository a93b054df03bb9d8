package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// An array of `struct iovec`: pieces of memory that the kernel takes for one.
///
/// ```
///   0         8          16
///   +---------+----------+----
///   | base    | length   | base ...
///   +---------+----------+----
/// ```
public final class IoVector {

    private static final int ENTRY_LENGTH = 2 * Long.BYTES;

    private final MemorySegment entries;
    private int count;

    /// An empty vector for `capacity` pieces.
    IoVector(Arena arena, int capacity) {
        this.entries = arena.allocate((long) capacity * ENTRY_LENGTH, Long.BYTES);
    }

    void clear() {
        count = 0;
    }

    void add(long address, long length) {
        long at = (long) count * ENTRY_LENGTH;
        entries.set(JAVA_LONG, at, address);
        entries.set(JAVA_LONG, at + Long.BYTES, length);
        count++;
    }

    /// Native address of piece `index`.
    long address(int index) {
        return entries.address() + (long) index * ENTRY_LENGTH;
    }

    /// Pieces added since it was cleared.
    public int count() {
        return count;
    }

    /// Where piece `index` starts.
    public long base(int index) {
        return entries.get(JAVA_LONG, (long) index * ENTRY_LENGTH);
    }

    /// Bytes of piece `index`.
    public long length(int index) {
        return entries.get(JAVA_LONG, (long) index * ENTRY_LENGTH + Long.BYTES);
    }
}
