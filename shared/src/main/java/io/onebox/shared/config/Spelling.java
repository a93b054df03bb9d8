package io.onebox.shared.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds what a misspelt word probably means.
public final class Spelling {

    /// Edits that still count as a slip of the finger. A guess.
    private static final int MAX_EDITS = 2;

    private Spelling() {}

    /// The candidate nearest to `word`, if it is near.
    public static Optional<String> nearest(String word, Collection<String> candidates) {
        return candidates.stream()
                .filter(candidate -> edits(word, candidate) <= Math.min(MAX_EDITS, candidate.length() / 2))
                .min(Comparator.<String>comparingInt(candidate -> edits(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /// Levenshtein's distance, with two rows.
    static int edits(String from, String to) {
        int[] previous = new int[to.length() + 1];
        int[] current = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[to.length()];
    }
}
