package io.onebox.agent.link;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The file with the last good answer for every name: `name address address …` a line. It makes a start possible
/// where no name server can be reached; losing it costs nothing else.
final class LastGoodAnswers {

    private final Path file;

    LastGoodAnswers(Path file) {
        this.file = file;
    }

    /// What was written last; empty if nothing was, or if it cannot be understood.
    Map<String, List<InetAddress>> read() {
        try {
            return Files.readAllLines(file).stream()
                    .map(line -> line.split(" ", -1))
                    .collect(Collectors.toMap(
                            words -> words[0],
                            words -> Arrays.stream(words)
                                    .skip(1)
                                    .map(InetAddress::ofLiteral)
                                    .toList()));
        } catch (NoSuchFileException _) {
            return Map.of();
        } catch (IOException | IllegalArgumentException | IllegalStateException _) {
            // A convenience only: the name servers know better.
            return Map.of();
        }
    }

    /// Returns whether it could be written.
    boolean write(Map<String, List<InetAddress>> answers) {
        String text = new TreeMap<>(answers)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + " " + words(entry.getValue()) + "\n")
                        .collect(Collectors.joining());
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException _) {
            // The caller says so; we go on without.
            return false;
        }
    }

    private static String words(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(" "));
    }
}
