package io.onebox.simulator.traffic;

import java.util.Arrays;

/// Bytes that arrived ahead of a gap, as sorted ranges, and which of them changed last.
final class ReceivedRanges {

    private static final int RECENT = TcpSegment.MOST_BLOCKS + 1;

    private long[] start = new long[64];
    private long[] end = new long[64];
    private int count;
    private final long[] recent = new long[RECENT];
    private int recentCount;

    boolean isEmpty() {
        return count == 0;
    }

    /// Bytes in all ranges.
    long bytes() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += end[i] - start[i];
        }
        return sum;
    }

    /// Adds a range.
    ///
    /// @return whether all of it was there before
    boolean add(long from, long to) {
        int index = indexOf(from);
        if (index >= 0 && to <= end[index]) {
            touch(from);
            return true;
        }
        insert(from, to);
        touch(from);
        return false;
    }

    /// Takes away the range that starts at or below `from`, and returns its end, or `from`.
    long takeUpTo(long from) {
        long reached = from;
        int taken = 0;
        while (taken < count && start[taken] <= reached) {
            reached = Math.max(reached, end[taken]);
            taken++;
        }
        removeFirst(taken);
        return reached;
    }

    /// Writes the ranges that changed last into `segment`, the newest first, behind its blocks.
    void describe(TcpSegment segment) {
        for (int i = 0; i < recentCount && segment.blocks < TcpSegment.MOST_BLOCKS; i++) {
            int index = indexOf(recent[i]);
            if (index >= 0 && !isDescribed(segment, start[index])) {
                segment.blockStart[segment.blocks] = start[index];
                segment.blockEnd[segment.blocks] = end[index];
                segment.blocks++;
            }
        }
    }

    private static boolean isDescribed(TcpSegment segment, long from) {
        for (int i = 0; i < segment.blocks; i++) {
            if (segment.blockStart[i] == from) {
                return true;
            }
        }
        return false;
    }

    private void insert(long from, long to) {
        int at = 0;
        while (at < count && end[at] < from) {
            at++;
        }
        int behind = at;
        long newStart = from;
        long newEnd = to;
        while (behind < count && start[behind] <= newEnd) {
            newStart = Math.min(newStart, start[behind]);
            newEnd = Math.max(newEnd, end[behind]);
            behind++;
        }
        replace(at, behind);
        start[at] = newStart;
        end[at] = newEnd;
    }

    /// Makes the ranges `at..behind` one.
    private void replace(int at, int behind) {
        if (count == start.length && at == behind) {
            start = Arrays.copyOf(start, 2 * count);
            end = Arrays.copyOf(end, 2 * count);
        }
        System.arraycopy(start, behind, start, at + 1, count - behind);
        System.arraycopy(end, behind, end, at + 1, count - behind);
        count += 1 - (behind - at);
    }

    private void removeFirst(int taken) {
        if (taken > 0) {
            System.arraycopy(start, taken, start, 0, count - taken);
            System.arraycopy(end, taken, end, 0, count - taken);
            count -= taken;
        }
    }

    private int indexOf(long position) {
        int index = Arrays.binarySearch(start, 0, count, position);
        if (index < 0) {
            index = -index - 2;
        }
        return index >= 0 && position < end[index] ? index : -1;
    }

    private void touch(long position) {
        System.arraycopy(recent, 0, recent, 1, RECENT - 1);
        recent[0] = position;
        recentCount = Math.min(RECENT, recentCount + 1);
    }
}
