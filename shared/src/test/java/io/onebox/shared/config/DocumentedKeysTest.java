package io.onebox.shared.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every key of the contract exists: a value of the wrong kind is refused by the name of the key, and
/// a letter too many makes the key unknown.
class DocumentedKeysTest {

    @TempDir
    private Path temporary;

    private ConfigDirectory directory;

    @BeforeEach
    void writeKeys() {
        directory = new ConfigDirectory(temporary);
    }

    static Stream<String> clientKeys() {
        return Stream.of(
                "server.endpoints",
                "server.public-key",
                "server.preshared-key-file",
                "identity.private-key-file",
                "tunnel.interface",
                "tunnel.addresses",
                "tunnel.routes",
                "tunnel.dns",
                "tunnel.mtu",
                "tunnel.nat",
                "bonding.mode",
                "links.include",
                "links.exclude",
                "link[0].interface",
                "link[0].role",
                "link[0].metered",
                "link[0].upload",
                "link[0].download",
                "api.socket",
                "metrics.listen",
                "state.directory",
                "log.level",
                "log.format");
    }

    static Stream<String> serverKeys() {
        return Stream.of(
                "listen.port",
                "listen.shards",
                "identity.private-key-file",
                "tunnel.interface",
                "tunnel.addresses",
                "tunnel.mtu",
                "forwarding.nat",
                "forwarding.interface",
                "forwarding.client-to-client",
                "client[0].name",
                "client[0].public-key",
                "client[0].preshared-key-file",
                "client[0].addresses",
                "api.socket",
                "metrics.listen",
                "state.directory",
                "log.level",
                "log.format");
    }

    @ParameterizedTest
    @MethodSource("clientKeys")
    void clientKeyIsRead(String key) {
        String sample = ConfigDirectory.sample("client.toml");

        assertThat(directory.clientErrors(withWrongKind(sample, key)))
                .anyMatch(error -> error.contains(" " + key + ": must be "));
        assertThat(directory.clientErrors(misspelt(sample, key)))
                .anyMatch(error -> error.contains(" " + key + "q: unknown key"));
    }

    @ParameterizedTest
    @MethodSource("serverKeys")
    void serverKeyIsRead(String key) {
        String sample = ConfigDirectory.sample("server.toml");

        assertThat(directory.serverErrors(withWrongKind(sample, key)))
                .anyMatch(error -> error.contains(" " + key + ": must be "));
        assertThat(directory.serverErrors(misspelt(sample, key)))
                .anyMatch(error -> error.contains(" " + key + "q: unknown key"));
    }

    private static String withWrongKind(String sample, String key) {
        return edited(sample, key, (name, _) -> name + " = { a = 1 }");
    }

    private static String misspelt(String sample, String key) {
        return edited(sample, key, (name, rest) -> name + "q" + rest);
    }

    /// Changes the first line of the key's table that sets the key.
    private static String edited(String sample, String key, Edit edit) {
        String table = key.substring(0, key.indexOf('.')).replace("[0]", "");
        String name = key.substring(key.indexOf('.') + 1);
        List<String> lines = new java.util.ArrayList<>(sample.lines().toList());
        int line = Math.max(lines.indexOf("[" + table + "]"), lines.indexOf("[[" + table + "]]"));
        while (!lines.get(line).startsWith(name + " ")) {
            line++;
        }
        lines.set(line, edit.line(name, lines.get(line).substring(name.length())));
        return String.join("\n", lines);
    }

    private interface Edit {
        String line(String name, String rest);
    }
}
