package io.onebox.engine.noise;

/// The counters already seen, as far back as it matters. A ring of words of 64 counters; the word that
/// holds the highest counter is being filled, so up to 64 counters less than the ring can be behind.
///
/// ```
///     refused            remembered                 highest     accepted
///   ------------+--------------------------------+-----+------------------
///                <---------- SIZE - 1 ---------->
/// ```
///
/// Nothing is allocated. Counters from 2^63 on are refused: no keypair lives that long.
///
/// Source: RFC 6479, section 2.
public final class ReplayWindow {

    private static final int WORDS = 128;

    /// Counters that are remembered, the highest included: one word less than the ring.
    public static final int SIZE = (WORDS - 1) * Long.SIZE;

    private static final int WORD_SHIFT = 6;
    private static final int WORD_MASK = WORDS - 1;

    private final long[] ring = new long[WORDS];
    private long highest = -1;

    /// Accepts a counter once, if it is not too old. Call only for authentic messages.
    public boolean accept(long counter) {
        if (!wouldAccept(counter)) {
            return false;
        }
        if (counter > highest) {
            clearUpTo(counter >> WORD_SHIFT);
            highest = counter;
        }
        ring[slot(counter)] |= bit(counter);
        return true;
    }

    /// Whether [#accept] would return `true`.
    public boolean wouldAccept(long counter) {
        if (counter > highest) {
            return true;
        }
        return counter >= 0 && highest - counter < SIZE && (ring[slot(counter)] & bit(counter)) == 0;
    }

    /// Clears the words after the highest so far, up to and including `word`.
    private void clearUpTo(long word) {
        long last = highest >> WORD_SHIFT;
        long clear = Math.min(word - last, WORDS);
        for (long i = 1; i <= clear; i++) {
            ring[(int) (last + i) & WORD_MASK] = 0;
        }
    }

    private static long bit(long counter) {
        return 1L << counter;
    }

    private static int slot(long counter) {
        return (int) (counter >> WORD_SHIFT) & WORD_MASK;
    }
}
