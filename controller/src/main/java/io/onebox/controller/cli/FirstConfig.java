package io.onebox.controller.cli;

import io.onebox.shared.cli.InvalidConfig;
import io.onebox.shared.config.ControllerConfig;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.TomlDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;

/// The configuration of a machine that has none: `init` writes it, so that nobody has to.
///
/// @param file where it will be
/// @param publicUrls how agents reach the controller, best first, at least one
/// @param stateDirectory absolute
record FirstConfig(Path file, List<URI> publicUrls, Path stateDirectory) {

    /// Where the first URL names no port, it is somebody else's: of a proxy, or forwarded.
    private static final int DEFAULT_PORT = 8443;

    FirstConfig {
        publicUrls = List.copyOf(publicUrls);
    }

    /// What [#write] will write, read.
    ControllerConfig config() {
        return switch (TomlDocument.parse(file, text())) {
            case Loaded.Invalid<TomlDocument>(var errors) -> throw new InvalidConfig(errors);
            case Loaded.Valid<TomlDocument>(var document) ->
                switch (ControllerConfig.read(document)) {
                    case Loaded.Invalid<ControllerConfig>(var errors) -> throw new InvalidConfig(errors);
                    case Loaded.Valid<ControllerConfig>(ControllerConfig config) -> config;
                };
        };
    }

    /// Writes a new file; the service, which is not root, reads it, whatever the umask is.
    void write() {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null && Files.notExists(directory)) {
                Files.createDirectories(directory);
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            Files.writeString(file, text(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private String text() {
        String urls = publicUrls.stream().map("\"%s\""::formatted).collect(Collectors.joining(", "));
        return """
                # Written by "onebox-controller init". Change what you like, check it with
                # "onebox-controller config check", then restart the controller.
                # "onebox-controller config show" shows all there is.

                [http]
                # The one TLS port of console, API and agents.
                listen = "%s"
                # How agents and browsers reach it, best first. Agents learn these when they enrol.
                public-urls = [%s]

                [state]
                # Database, keys and history; back it up with: onebox-controller backup
                directory = "%s"
                """.formatted(listen(), urls, stateDirectory);
    }

    private String listen() {
        URI url = publicUrls.getFirst();
        String everywhere = url.getHost().startsWith("[") ? "[::]" : "0.0.0.0";
        return everywhere + ":" + (url.getPort() < 0 ? DEFAULT_PORT : url.getPort());
    }
}
