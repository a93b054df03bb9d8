package io.onebox.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.onebox.shared.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivilegesTest {

    @TempDir
    private Path directory;

    @Test
    void saysThatTheRightIsMissingAndHowToGetIt() throws IOException {
        StartFailure failure =
                catchThrowableOfType(StartFailure.class, () -> Privileges.check(status("0000000000000000"), directory));

        assertThat(failure.exitCode()).isEqualTo(ExitCode.PERMISSION);
        assertThat(failure).hasMessageContaining("CAP_NET_ADMIN").hasMessageContaining("run it as root");
    }

    @Test
    void saysThatTunIsMissingAndHowToGetIt() throws IOException {
        StartFailure failure = catchThrowableOfType(
                StartFailure.class, () -> Privileges.check(status("0000000000001000"), directory.resolve("net/tun")));

        assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("is missing").hasMessageContaining("modprobe tun");
    }

    @Test
    void isContentWithTheRightAlone() {
        assertThatCode(() -> Privileges.check(status("0000000000001000"), directory))
                .doesNotThrowAnyException();
        assertThatCode(() -> Privileges.check(status("000001ffffffffff"), directory))
                .doesNotThrowAnyException();
    }

    private Path status(String capabilities) throws IOException {
        return Files.writeString(directory.resolve("status"), "Name:\tjava\nCapEff:\t" + capabilities + "\n");
    }
}
