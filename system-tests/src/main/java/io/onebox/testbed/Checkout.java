package io.onebox.testbed;

import java.nio.file.Files;
import java.nio.file.Path;

/// The checkout this runs in, and what `bin/build` left there.
public final class Checkout {

    private Checkout() {}

    /// Where `bin/build` is.
    public static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("bin/build"))) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw new IllegalStateException("not inside the repository; set -Donebox.home=DIR");
            }
            directory = parent;
        }
        return directory;
    }

    /// The distribution: where the system property `onebox.home` says, or else `target/onebox`.
    static Path distribution() {
        String property = System.getProperty("onebox.home", "");
        return property.isEmpty() ? root().resolve("target/onebox") : Path.of(property);
    }
}
