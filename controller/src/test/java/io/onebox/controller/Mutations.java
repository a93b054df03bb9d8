package io.onebox.controller;

import java.util.List;
import java.util.random.RandomGenerator;

/// Spoils texts that are right: a little, so that what reads them gets far.
///
/// @param right texts to begin with
record Mutations(RandomGenerator random, List<String> right) {

    private static final int MAX_CHANGES = 4;

    /// What programs stumble over.
    private static final List<String> WORDS = List.of(
            "null",
            "-1",
            "1e999",
            "9223372036854775808",
            "-0.0",
            "NaN",
            "true",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"../../etc/passwd\"",
            "\"' OR 1=1 --\"",
            "{}",
            "[]",
            "[[[[[[[[[[[[",
            "{\"a\":{\"a\":{\"a\":",
            "\"" + "x".repeat(300) + "\"",
            ",",
            "\"",
            "\\");

    /// A spoiled text. It may be right by chance.
    String next() {
        String text = any(right);
        int changes = 1 + random.nextInt(MAX_CHANGES);
        for (int i = 0; i < changes; i++) {
            text = changed(text);
        }
        return text;
    }

    private String changed(String text) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(12));
        return switch (random.nextInt(7)) {
            case 0 -> text.substring(0, from);
            case 1 -> text.substring(0, from) + text.substring(to);
            case 2 -> text.substring(0, from) + (char) (1 + random.nextInt(0x2ff)) + text.substring(to);
            case 3 -> text.substring(0, to) + text.substring(from);
            case 4 -> text.substring(0, from) + any(WORDS) + text.substring(to);
            case 5 -> withAnotherValue(text, from);
            default -> {
                String other = any(right);
                yield text.substring(0, from) + other.substring(Math.min(from, other.length()));
            }
        };
    }

    /// The value behind the next colon becomes another word, so that the text stays JSON most of the time.
    private String withAnotherValue(String text, int from) {
        int colon = text.indexOf(':', from);
        int end = colon < 0 ? -1 : text.indexOf(',', colon);
        return end < 0 ? text : text.substring(0, colon + 1) + any(WORDS) + text.substring(end);
    }

    private String any(List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }
}
