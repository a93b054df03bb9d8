package io.onebox.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A page of `docs/how-to` as lines of shell, from its top to its end: a command runs as it stands behind its `#`; a
/// file is written, or made longer, where the words before it say. A copy of each file stays in `/run/kept`.
final class HowTo {

    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern FILE = Pattern.compile("`([\\w./-]+\\.(?:toml|conf))`");

    private final List<String> steps = new ArrayList<>();

    private HowTo(String text) {
        for (MatchResult block : BLOCK.matcher(text).results().toList()) {
            String content = block.group(2);
            steps.add(block.group(1).equals("console") ? commands(content) : file(text, block.start(), content));
        }
    }

    /// The page of a name.
    static HowTo page(String name) {
        try {
            return new HowTo(Files.readString(Checkout.root().resolve("docs/how-to/" + name + ".md")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String commands(String console) {
        return console.lines()
                .filter(line -> line.startsWith("# "))
                .map(line -> line.substring(2))
                .collect(Collectors.joining("\n"));
    }

    /// The shell fills in what a reader does.
    private static String file(String text, int before, String content) {
        String name = FILE.matcher(text.substring(0, before))
                .results()
                .map(file -> file.group(1))
                .reduce((_, last) -> last)
                .orElseThrow();
        return "tee -a %s /run/kept/%s <<END\n%sEND".formatted(name, name.replaceFirst(".*/", ""), content);
    }

    /// All of it.
    String script() {
        return String.join("\n", steps) + "\n";
    }

    /// The one step that writes a file of this name first.
    String writing(String name) {
        return steps.stream()
                .filter(step -> step.startsWith("tee -a " + name + " "))
                .findFirst()
                .orElseThrow();
    }
}
