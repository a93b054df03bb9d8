package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

/// The Debian packages that `bin/package` makes.
final class Packages {

    private Packages() {}

    /// Makes them and returns the one with this name.
    static Path pack(String name, String options) {
        return Shell.script("%s/bin/package %s".formatted(Checkout.root(), options))
                .lines()
                .filter(line -> line.contains("/" + name + "_"))
                .map(Checkout.root()::resolve)
                .findFirst()
                .orElseThrow();
    }

    /// lintian has nothing to say.
    static void lint(Path deb) {
        // Debian's archive takes no zstd; docs/decisions/0081-debian-packages.md says why we do.
        Shell.Result lintian = Shell.attempt(
                "",
                List.of(
                        "lintian",
                        "--allow-root",
                        "--fail-on=error,warning",
                        "--suppress-tags=malformed-deb-archive",
                        deb.toString()));

        assertThat(lintian.exitCode()).as(lintian.output() + lintian.errors()).isZero();
    }

    /// The command that installs a package, where its directory is `/packages`.
    static String installing(Path deb) {
        return "DEBIAN_FRONTEND=noninteractive apt-get install -y /packages/" + deb.getFileName();
    }
}
