package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What a page of the documents says to do, done as root with a network, processes and mounts of its own: what the page
/// leaves running ends with it.
final class Seclusion {

    private Seclusion() {}

    /// Runs lines of `bash` at the root of the checkout, of which the first that fails is the end.
    ///
    /// @param directory for the script and what it says
    /// @return what it said
    static String run(String lines, Path directory, Duration patience) throws IOException, InterruptedException {
        Path script = Files.writeString(directory.resolve("page.sh"), lines);
        Path log = directory.resolve("page.log");
        // As the tutorial says; --kill-child ends the agents with the shell, however it ends.
        Process shell = new ProcessBuilder(List.of(
                        "unshare",
                        "--mount",
                        "--net",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount-proc",
                        "bash",
                        "-eux",
                        script.toString()))
                .directory(Checkout.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = shell.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
        shell.destroyForcibly();

        assertThat(ended).as(Files.readString(log)).isTrue();
        assertThat(shell.exitValue()).as(Files.readString(log)).isZero();
        return Files.readString(log);
    }
}
