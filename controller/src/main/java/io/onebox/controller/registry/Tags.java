package io.onebox.controller.registry;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Words by which people group agents: each once, in the order of the alphabet.
public record Tags(List<String> words) {

    /// No words.
    public static final Tags NONE = new Tags(List.of());

    /// The most there can be. A guess.
    public static final int MOST = 16;

    /// What is wrong if [#of] is empty.
    public static final String RULE =
            "a tag has 1 to 32 small letters, digits, '.', '_' or '-', and there are 16 at most";

    private static final Pattern WORD = Pattern.compile("[a-z0-9._-]{1,32}");

    public Tags {
        words = List.copyOf(new TreeSet<>(words));
    }

    /// Tags as somebody wrote them; empty if they are not of the form they should have.
    public static Optional<Tags> of(Collection<String> words) {
        var tags = new Tags(List.copyOf(words));
        boolean isRight = tags.words().size() <= MOST
                && tags.words().stream().allMatch(word -> WORD.matcher(word).matches());
        return isRight ? Optional.of(tags) : Optional.empty();
    }

    /// Whether one of them is this word.
    public boolean contains(String word) {
        return words.contains(word);
    }
}
