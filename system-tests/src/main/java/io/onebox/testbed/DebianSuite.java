package io.onebox.testbed;

import java.util.List;
import java.util.Locale;

/// A Debian that `bin/debian-tree` can make.
public enum DebianSuite {
    /// Debian 12.
    BOOKWORM,
    /// Debian 13.
    TRIXIE;

    /// Where its files lie; makes them first if they are missing.
    String tree() {
        return Shell.run(
                        List.of(Checkout.root().resolve("bin/debian-tree").toString(), name().toLowerCase(Locale.ROOT)))
                .strip();
    }
}
