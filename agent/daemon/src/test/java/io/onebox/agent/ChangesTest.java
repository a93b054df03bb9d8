package io.onebox.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.shared.config.ClientConfig;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.ServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangesTest {

    private static final String KEY = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private static final String OTHER_KEY = "eLJo4s5+NWVGg4O3YdMaEQ9qsGPcb8jLoPsPnNLcwHk=";

    private static final String CLIENT = """
            [server]
            endpoints = ["192.0.2.1:51820"]
            public-key = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
            [identity]
            private-key-file = "a.key"
            [tunnel]
            interface = "onebox0"
            addresses = ["10.77.0.2/32"]
            routes = ["0.0.0.0/0"]
            mtu = "auto"
            nat = false
            dns = []
            [bonding]
            mode = "aggregate"
            [links]
            include = ["*"]
            exclude = []
            [api]
            socket = "/run/a.sock"
            [metrics]
            listen = ""
            [state]
            directory = "/var/lib/a"
            [log]
            level = "info"
            """;

    private static final String SERVER = """
            [listen]
            port = 51820
            [identity]
            private-key-file = "a.key"
            [tunnel]
            interface = "onebox0"
            addresses = ["10.77.0.1/24"]
            [forwarding]
            nat = true
            [[client]]
            name = "van"
            public-key = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
            addresses = ["10.77.0.2/32"]
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void writeKeys() throws IOException {
        key("a.key", KEY);
        key("b.key", OTHER_KEY);
    }

    @Test
    void nothingChangedIsNothingToDo() {
        assertThat(Changes.between(client(CLIENT), client(CLIENT)).accepted()).isEmpty();
        assertThat(Changes.between(server(SERVER), server(SERVER)).refused()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "a.key, b.key, identity.private-key-file",
        "xTIBA5rboUvn, yTIBA5rboUvn, server.public-key",
        "onebox0, onebox1, tunnel.interface",
        "/run/a.sock, /run/b.sock, api.socket",
        "'listen = \"\"', 'listen = \"127.0.0.1:1\"', metrics.listen",
        "/var/lib/a, /var/lib/b, state.directory",
    })
    void namesWhatAClientCannotChangeWhileItRuns(String before, String now, String key) {
        Changes changes = Changes.between(client(CLIENT), client(CLIENT.replace(before, now)));

        assertThat(changes.refused()).containsExactly(key);
        assertThat(changes.accepted()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.2, server.endpoints",
        "10.77.0.2, 10.77.0.3, tunnel.addresses",
        "0.0.0.0/0, 10.0.0.0/8, tunnel.routes",
        "mtu = \"auto\", mtu = 1400, tunnel.mtu",
        "nat = false, nat = true, tunnel.nat",
        "dns = [], dns = [\"10.0.0.1\"], tunnel.dns",
        "aggregate, redundant, bonding.mode",
        "include = [\"*\"], include = [\"eth*\"], links.include",
        "exclude = [], exclude = [\"eth*\"], links.exclude",
        "info, debug, log",
    })
    void namesWhatAClientChanges(String before, String now, String key) {
        Changes changes = Changes.between(client(CLIENT), client(CLIENT.replace(before, now)));

        assertThat(changes.accepted()).containsExactly(key);
        assertThat(changes.refused()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "port = 51820, port = 443, listen.port, true",
        "onebox0, onebox1, tunnel.interface, true",
        "nat = true, nat = false, forwarding, false",
        "10.77.0.2/32, 10.77.0.3/32, client, false",
        "van, boat, client, false",
    })
    void namesWhatAServerChangesAndWhatItCannot(String before, String now, String key, boolean isRefused) {
        Changes changes = Changes.between(server(SERVER), server(SERVER.replace(before, now)));

        assertThat(isRefused ? changes.refused() : changes.accepted()).containsExactly(key);
    }

    private ClientConfig client(String text) {
        return ((Loaded.Valid<ClientConfig>) ClientConfig.load(write("client.toml", text))).config();
    }

    private ServerConfig server(String text) {
        return ((Loaded.Valid<ServerConfig>) ServerConfig.load(write("server.toml", text))).config();
    }

    private void key(String name, String key) throws IOException {
        Files.setPosixFilePermissions(write(name, key), PosixFilePermissions.fromString("rw-------"));
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
