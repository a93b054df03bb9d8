package io.onebox.shared.config;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// What a text must be, in words, and how to read it.
///
/// @param words completes the sentence "must be …"
/// @param read empty if the text breaks the rule
record Rule<T>(String words, Function<String, Optional<T>> read) {

    /// A text that need not be changed, only accepted.
    static Rule<String> text(String words, Predicate<String> accepts) {
        return new Rule<>(words, text -> Optional.of(text).filter(accepts));
    }
}
