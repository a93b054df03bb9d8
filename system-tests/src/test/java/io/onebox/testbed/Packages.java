package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The Debian packages and the tarball that `bin/package` makes.
final class Packages {

    private Packages() {}

    /// Makes them and returns the one with this name.
    static Path pack(String name, String options) {
        return packAll(options).stream()
                .filter(made -> made.getFileName().toString().startsWith(name + "_"))
                .findFirst()
                .orElseThrow();
    }

    /// Makes them and returns the tarball for other distributions.
    static Path tarball() {
        return packAll("").stream()
                .filter(made -> made.toString().endsWith(".tar.gz"))
                .findFirst()
                .orElseThrow();
    }

    /// Makes them and returns all that were made.
    static List<Path> packAll(String options) {
        return Shell.script("%s/bin/package %s".formatted(Checkout.root(), options))
                .lines()
                .map(Checkout.root()::resolve)
                .toList();
    }

    /// The manual and the completions of a program are where shells and `man` look, and what the program itself says.
    static void assertManualAndCompletions(SystemdHost host, String program) {
        assertThat(host.run("gzip -dc /usr/share/man/man1/%s.1.gz".formatted(program)))
                .contains(".TH")
                .isEqualTo(host.run(program + " manual"));
        Map.of(
                        "bash", "bash-completion/completions/" + program,
                        "zsh", "zsh/vendor-completions/_" + program,
                        "fish", "fish/vendor_completions.d/" + program + ".fish")
                .forEach((shell, file) -> assertThat(host.run("cat /usr/share/" + file))
                        .as(shell)
                        .contains(program)
                        .satisfies(packaged -> assertThat(host.run(program + " completion " + shell))
                                .endsWith(packaged)));
        assertThat(host.run(
                        "bash -c '. /usr/share/bash-completion/completions/%1$s; complete -p %1$s'".formatted(program)))
                .contains("complete ");
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
