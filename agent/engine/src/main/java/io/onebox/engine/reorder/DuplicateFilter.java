package io.onebox.engine.reorder;

import java.util.Arrays;

/// Remembers which data sequence numbers arrived, and extends those on the wire to 64 bits. Follows the
/// first number it sees, so that it can join a peer in the middle of its life.
public final class DuplicateFilter {

    /// Numbers remembered below the greatest: 0.7 s at 1 Gbit/s, more than any repair may take.
    private static final int WINDOW = 1 << 16;

    /// What the first number is extended with: numbers below it must not become negative.
    private static final long FIRST = 1L << Integer.SIZE;

    private final long[] seen = new long[WINDOW / Long.SIZE];
    private long greatest;
    private boolean started;

    /// The number nearest to the greatest seen whose low 32 bits are `sequence`.
    public long extend(int sequence) {
        return started ? greatest + (sequence - (int) greatest) : FIRST + Integer.toUnsignedLong(sequence);
    }

    /// Whether `sequence` is new, in which case it is remembered. Numbers below the window are not new.
    public boolean accept(long sequence) {
        if (!started) {
            started = true;
            greatest = sequence;
            mark(sequence);
            return true;
        }
        if (sequence > greatest) {
            long from = Math.max(greatest + 1, sequence - WINDOW + 1);
            for (long gap = from; gap <= sequence; gap++) {
                clear(gap);
            }
            greatest = sequence;
            mark(sequence);
            return true;
        }
        if (sequence <= greatest - WINDOW || isMarked(sequence)) {
            return false;
        }
        mark(sequence);
        return true;
    }

    /// Forgets everything: the peer began a new life.
    public void restart() {
        started = false;
        Arrays.fill(seen, 0);
    }

    private boolean isMarked(long sequence) {
        return (seen[word(sequence)] & 1L << sequence) != 0;
    }

    private void mark(long sequence) {
        seen[word(sequence)] |= 1L << sequence;
    }

    private void clear(long sequence) {
        seen[word(sequence)] &= ~(1L << sequence);
    }

    private static int word(long sequence) {
        return (int) (sequence >>> 6) & (WINDOW / Long.SIZE - 1);
    }
}
