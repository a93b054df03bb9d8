package io.onebox.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.status.Role;
import io.onebox.shared.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `run` with a configuration that is wrong: it ends before it touches anything.
class RunCommandTest {

    private static final String GOOD = """
            [identity]
            private-key-file = "server.key"
            [tunnel]
            addresses = ["10.77.0.1/24"]
            [[client]]
            name = "van"
            public-key = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
            addresses = ["10.77.0.2/32"]
            [[client]]
            name = "boat"
            public-key = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0="
            addresses = ["10.77.0.3/32"]
            """;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "[tunnel], [tunnel, 3: syntax: ",
        "addresses = [\"10.77.0.1/24\"], adresses = [], '4: tunnel.adresses: unknown key; did you mean ''addresses''?'",
        "xTIBA5rb, xTIB, 7: client[0].public-key: must be a public key: 32 bytes in base64",
        "10.77.0.3, 10.77.0.2, '12: client[1].addresses: is a duplicate: ''10.77.0.2/32'' already belongs to'",
        "server.key, nowhere.key, does not exist; make a key with: ",
    })
    void aWrongFileEndsWithItsPlaceAnd78(String before, String now, String message) throws IOException {
        key("rw-------");

        Typed run = run(GOOD.replace(before, now));

        assertThat(run.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(message);
    }

    @Test
    void aKeyThatOthersMayReadEndsWithTheFix() throws IOException {
        key("rw-r--r--");

        Typed run = run(GOOD);

        assertThat(run.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(run.err()).contains("wider than 0600; run: chmod 600 " + directory.resolve("server.key"));
    }

    @Test
    void aMissingFileEndsWithItsName() {
        Typed run = Typed.type(Role.SERVER, "run", "--config", "/nowhere/server.toml");

        assertThat(run.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(run.err()).startsWith("/nowhere/server.toml:1: file: does not exist\n");
    }

    private Typed run(String config) throws IOException {
        Path file = Files.writeString(directory.resolve("server.toml"), config);
        return Typed.type(Role.SERVER, "run", "--config", file.toString());
    }

    private void key(String mode) throws IOException {
        Path key = Files.writeString(directory.resolve("server.key"), "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
    }
}
