package io.onebox.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A page of the reference whose tables are made of the program. `-Donebox.write=true` writes them anew.
///
/// @param file where it is
public record ReferencePage(Path file) {

    /// The page of that name, seen from the directory of any module.
    public static ReferencePage of(String name) {
        Path pages = Path.of("docs", "reference");
        Path root = Path.of("").toAbsolutePath();
        while (Files.notExists(root.resolve(pages))) {
            root = Objects.requireNonNull(root.getParent(), "docs/reference is above no module");
        }
        return new ReferencePage(root.resolve(pages).resolve(name));
    }

    /// Compares a table with the one between the marks `<!-- made: name -->` and `<!-- end -->`.
    ///
    /// @param head the names of the columns
    /// @param rows the cells of each row, in Markdown
    public void hasTable(String name, List<String> head, List<List<String>> rows) throws IOException {
        assertThat(rows).as(name).isNotEmpty();
        var table =
                new StringBuilder(row(head)).append("|---".repeat(head.size())).append("|\n");
        rows.forEach(row -> table.append(row(row)));
        String text = Files.readString(file);
        Matcher part = Pattern.compile("(?<=<!-- made: " + name + " -->\n).*?(?=<!-- end -->)", Pattern.DOTALL)
                .matcher(text);
        assertThat(part.find()).as("marks of %s in %s", name, file).isTrue();
        String expected = text.substring(0, part.start()) + "\n" + table + "\n" + text.substring(part.end());
        if (Boolean.getBoolean("onebox.write")) {
            Files.writeString(file, expected);
        }

        assertThat(Files.readString(file))
                .as("%s of %s; written anew by this test with -Donebox.write=true", name, file)
                .isEqualTo(expected);
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    /// What the source of an enum says of a constant.
    public static String meaning(Path source, Enum<?> constant) throws IOException {
        Matcher comment = Pattern.compile("((?:^ *///.*\n)+) *" + constant.name() + "\\b", Pattern.MULTILINE)
                .matcher(Files.readString(source));
        assertThat(comment.find()).as("a comment on %s in %s", constant, source).isTrue();
        return comment.group(1).replaceAll("\\s*/// *", " ").strip();
    }
}
