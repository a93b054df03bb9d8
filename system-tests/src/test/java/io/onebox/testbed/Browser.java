package io.onebox.testbed;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What is done in Debian's chromium: a script of `web-ui/test/browser`. Its pictures go to `web-ui/target/pictures`.
public final class Browser {

    private Browser() {}

    /// The command that runs a script.
    ///
    /// @param settings `NAME=value`, as the script's head says
    public static String[] command(String script, String... settings) {
        Path pages = Checkout.root().resolve("web-ui");
        String node = Shell.run(List.of(Checkout.root().resolve("bin/node").toString()))
                        .strip() + "/node";
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(List.of(settings));
        command.add("PICTURES=" + pages.resolve("target/pictures"));
        command.add(node);
        command.add(pages.resolve("test/browser").resolve(script + ".mjs").toString());
        return command.toArray(String[]::new);
    }
}
