package io.onebox.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What `bin/bench simulation` runs.
public final class Study {

    private static final int EX_USAGE = 64;

    private Study() {}

    /// Arguments: the directory for results, then `links [COUNT]` or `constants [SEEDS]`. The exit code is 1 if a
    /// promise was missed.
    public static void main(String[] arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(arguments));
        Path directory = Path.of(words.removeFirst());
        String what = words.isEmpty() ? "links" : words.removeFirst();
        int count = words.isEmpty() ? 0 : Integer.parseInt(words.removeFirst());
        switch (what) {
            case "links" -> System.exit(new RandomLinks(count == 0 ? 500 : count).run() ? 0 : 1);
            case "constants" -> new Sweep(count == 0 ? 4 : count).run(directory.resolve("constants.tsv"));
            default -> {
                System.err.println("bin/bench simulation: '" + what + "' is neither links nor constants.");
                System.exit(EX_USAGE);
            }
        }
    }
}
