package io.onebox.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A page of `docs/how-to` as lines of shell, from its top to its end: a command runs as it stands behind its `#`; a
/// file is written, or made longer, where the words before it say. A copy of each file stays in `/run/kept`.
final class HowTo {

    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern FILE = Pattern.compile("`([\\w./-]+\\.(?:toml|conf))`");

    private final String text;
    private final List<String> steps = new ArrayList<>();

    private HowTo(String text) {
        this.text = text;
        for (MatchResult block : BLOCK.matcher(text).results().toList()) {
            String content = block.group(2);
            steps.add(
                    block.group(1).equals("console")
                            ? commandsOf(content).collect(Collectors.joining("\n"))
                            : file(text, block.start(), content));
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

    private static Stream<String> commandsOf(String console) {
        return console.lines().filter(line -> line.startsWith("# ")).map(line -> line.substring(2));
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

    /// What stands between the fences of the first block of a language in a section.
    String block(String section, String language) {
        String heading = "## " + section + "\n";
        int from = text.indexOf(heading);
        if (from < 0) {
            throw new IllegalStateException("no section " + section);
        }
        int to = text.indexOf("\n## ", from + heading.length());
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(to < 0 ? text.substring(from) : text.substring(from, to))
                .results()
                .map(block -> block.group(1))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + language + " in " + section));
    }

    /// The commands that a section shows behind the prompt of root.
    List<String> commands(String section) {
        return commandsOf(block(section, "console")).toList();
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
