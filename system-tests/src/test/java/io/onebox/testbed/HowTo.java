package io.onebox.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// A page of `docs/how-to`, of which tests do what it says.
///
/// @param name of the file
record HowTo(String name) {

    /// What stands between the fences of the first block of a language in a section.
    String block(String section, String language) {
        String heading = "## " + section + "\n";
        String text = text();
        int from = text.indexOf(heading);
        if (from < 0) {
            throw new IllegalStateException(name + " has no section " + section);
        }
        int to = text.indexOf("\n## ", from + heading.length());
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(to < 0 ? text.substring(from) : text.substring(from, to))
                .results()
                .map(block -> block.group(1))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name + ": no " + language + " in " + section));
    }

    /// The commands that a section shows behind the prompt of root.
    List<String> commands(String section) {
        return block(section, "console")
                .lines()
                .filter(line -> line.startsWith("# "))
                .map(line -> line.substring(2))
                .toList();
    }

    private String text() {
        try {
            return Files.readString(Path.of("..", "docs", "how-to", name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
