package io.onebox.shared.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// A directory with the key files that the sample configurations name.
final class ConfigDirectory {

    static final String PRIVATE_KEY = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";

    private final Path path;

    ConfigDirectory(Path path) {
        this.path = path;
        for (String name : List.of("client.key", "server.key", "psk")) {
            key(name, PRIVATE_KEY, "rw-------");
        }
    }

    Path path() {
        return path;
    }

    void key(String name, String content, String mode) {
        Path file = path.resolve(name);
        write(name, content + "\n");
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path write(String name, String text) {
        try {
            return Files.writeString(path.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What is wrong with a client's file, as it is shown, without the directory.
    List<String> clientErrors(String text) {
        return switch (ClientConfig.load(write("client.toml", text))) {
            case Loaded.Invalid<ClientConfig>(var errors) -> shown(errors);
            case Loaded.Valid<ClientConfig> _ -> List.of();
        };
    }

    /// What is wrong with a server's file.
    List<String> serverErrors(String text) {
        return switch (ServerConfig.load(write("server.toml", text))) {
            case Loaded.Invalid<ServerConfig>(var errors) -> shown(errors);
            case Loaded.Valid<ServerConfig> _ -> List.of();
        };
    }

    ClientConfig client(String text) {
        Loaded<ClientConfig> loaded = ClientConfig.load(write("client.toml", text));
        assertThat(loaded).isInstanceOf(Loaded.Valid.class);
        return ((Loaded.Valid<ClientConfig>) loaded).config();
    }

    ServerConfig server(String text) {
        Loaded<ServerConfig> loaded = ServerConfig.load(write("server.toml", text));
        assertThat(loaded).isInstanceOf(Loaded.Valid.class);
        return ((Loaded.Valid<ServerConfig>) loaded).config();
    }

    static String sample(String name) {
        try (InputStream in = ConfigDirectory.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> shown(List<ConfigError> errors) {
        return errors.stream()
                .map(error -> error.toString().replace(path + "/", ""))
                .toList();
    }
}
