package io.onebox.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// No source is over a budget, except what the ratchet file lists, at exactly the size it lists.
class BudgetTest {

    @Test
    void everySourceKeepsItsBudgets() {
        Repository repository = Repository.find();

        List<String> excesses = repository.java().stream()
                .flatMap(file -> Budget.excesses(file.toString(), repository.text(file)).stream())
                .map(Budget.Excess::toString)
                .toList();

        assertThat(excesses)
                .as("sources over a budget; split them, or shorten ratchet.txt where it lists one that is better now")
                .containsExactlyInAnyOrderElementsOf(ratchet());
    }

    private static List<String> ratchet() {
        try (var file = BudgetTest.class.getResourceAsStream("ratchet.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void findsWhatIsOverABudget() {
        String source = """
                class Long {
                    void wide(int a, int b, int c, int d, int e, int f, int g) {}
                    void deep() {
                        if (a) { for (;;) { while (b) { if (c) {} } } }
                    }
                    void cases() {
                        if (a) {} else if (b) {} else if (c) {} else if (d) {} else {}
                    }
                    void tall() {
                %s    }
                }
                """.formatted("        f();\n".repeat(59));

        assertThat(Budget.excesses("Long.java", source))
                .extracting(Budget.Excess::toString)
                .containsExactly(
                        "Long.java Long.wide: METHOD_PARAMETERS 7 (at most 6)",
                        "Long.java Long.deep: NESTING 4 (at most 3)",
                        "Long.java Long.tall: METHOD_LINES 61 (at most 60)");
        assertThat(Budget.excesses("Long.java", "// x".repeat(40) + "\n".repeat(401)))
                .extracting(Budget.Excess::budget)
                .containsExactly(Budget.FILE_LINES, Budget.LINE_COLUMNS);
    }

    @Test
    void aRecordMayHaveAsManyComponentsAsItNeeds() {
        String source = "record R(int a, int b, int c, int d, int e, int f, int g) { R { assert a > 0; } }";

        assertThat(Budget.excesses("R.java", source)).isEmpty();
    }
}
