package io.onebox.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What runs that were killed left behind: namespaces, the processes in them, control groups, directories. Their names
/// carry
/// the id of the process that made them; if it is gone, so are its things.
final class Leftovers {

    /// How names of a testbed begin; the process id follows.
    static final String PREFIX = "obt-";

    private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d+)-.*");

    private Leftovers() {}

    /// Cleans what dead processes left.
    static void clean() {
        Shell.run(List.of("ip", "netns", "list"))
                .lines()
                .map(line -> line.split(" ", 2)[0])
                .filter(Leftovers::isOrphan)
                .forEach(Leftovers::removeNamespace);
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            files.filter(file -> isOrphan(file.getFileName().toString())).forEach(Leftovers::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOrphan(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty();
    }

    private static void removeNamespace(String namespace) {
        Shell.script("""
                for pid in $(ip netns pids NS); do kill -9 $pid; done
                ip netns del NS
                """.replace("NS", namespace));
        removeCgroups(namespace);
    }

    /// Removes the control groups of a container, of which the processes have ended.
    static void removeCgroups(String name) {
        for (String hierarchy : List.of("unified", "systemd", ".")) {
            Shell.attempt(
                    "", List.of("find", "/sys/fs/cgroup/" + hierarchy + "/" + name, "-depth", "-type", "d", "-delete"));
        }
    }

    /// Deletes a directory and everything in it.
    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
