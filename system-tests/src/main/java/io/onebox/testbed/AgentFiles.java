package io.onebox.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// The directory of an agent: configuration, keys, state, socket, log.
///
/// @param directory where they are
/// @param role `client` or `server`
public record AgentFiles(Path directory, String role) {

    /// Creates the directories.
    public AgentFiles {
        try {
            Files.createDirectories(directory.resolve("state"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The configuration.
    public Path config() {
        return directory.resolve(role + ".toml");
    }

    /// The socket of the local API.
    public Path socket() {
        return directory.resolve(role + ".sock");
    }

    /// What the agent writes to standard error.
    public Path log() {
        return directory.resolve(role + ".log");
    }

    /// The log so far.
    public String logText() {
        try {
            return Files.exists(log()) ? Files.readString(log()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes a file only its owner may read, and returns its name.
    public String secret(String name, String content) {
        Path file = directory.resolve(name);
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, content + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return name;
    }

    /// Writes the configuration; what belongs to the machine rather than to the test is appended.
    public void writeConfig(String toml) {
        String local = """

                [api]
                socket = "%s"
                [metrics]
                listen = ""
                [state]
                directory = "%s"
                """.formatted(socket(), directory.resolve("state"));
        try {
            Files.writeString(config(), toml + local);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
