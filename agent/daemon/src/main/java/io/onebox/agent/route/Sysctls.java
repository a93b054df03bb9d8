package io.onebox.agent.route;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The kernel's settings under `/proc/sys`, by keys with slashes: `net/ipv4/ip_forward`.
public final class Sysctls {

    private final Path root;

    /// @param root `/proc/sys`, or a directory that looks like it
    public Sysctls(Path root) {
        this.root = root;
    }

    /// The settings of this machine, in the network namespace of the calling thread.
    public static Sysctls ofThisMachine() {
        return new Sysctls(Path.of("/proc/sys"));
    }

    /// The value, or empty if the kernel has no such setting.
    public Optional<String> read(String key) {
        try {
            return Optional.of(Files.readString(root.resolve(key)).strip());
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new HostException("cannot read the kernel setting %s: %s".formatted(key, e.getMessage()), e);
        }
    }

    /// A number, or 0 if the kernel has no such setting.
    public int number(String key) {
        return read(key).map(Integer::parseInt).orElse(0);
    }

    /// Sets a value.
    public void write(String key, String value) {
        try {
            Files.write(root.resolve(key), value.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new HostException(
                    "cannot set the kernel setting %s = %s: %s; /proc/sys/net must be writable, in a container too"
                            .formatted(key, value, e.getMessage()),
                    e);
        }
    }

    /// Names below a key, such as the interfaces under `net/ipv4/conf`.
    public List<String> list(String key) {
        try (Stream<Path> entries = Files.list(root.resolve(key))) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (IOException e) {
            throw new HostException("cannot read the kernel settings %s: %s".formatted(key, e.getMessage()), e);
        }
    }
}
