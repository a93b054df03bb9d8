package io.onebox.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The checkout this build runs in: every file a person wrote, none that a tool made.
///
/// @param root where `.mvn` is
/// @param files relative to `root`, sorted
record Repository(Path root, List<Path> files) {

    private static final Set<String> MADE_BY_TOOLS =
            Set.of("target", ".git", ".idea", ".vscode", "node_modules", "dist-web");

    static Repository find() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve(".mvn"))) {
            root = root.getParent();
        }
        return of(root);
    }

    static Repository of(Path root) {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    boolean made =
                            MADE_BY_TOOLS.contains(directory.getFileName().toString());
                    return made ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    files.add(root.relativize(file));
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.sort(null);
        return new Repository(root, List.copyOf(files));
    }

    /// Files whose path from the root matches `pattern` as a whole.
    List<Path> matching(String pattern) {
        return files.stream().filter(file -> file.toString().matches(pattern)).toList();
    }

    List<Path> java() {
        return matching(".*\\.java");
    }

    /// Shell scripts: by extension, or by their first line.
    List<Path> scripts() {
        return files.stream().filter(this::isScript).toList();
    }

    private boolean isScript(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".sh") || (!name.contains(".") && text(file).startsWith("#!"));
    }

    String text(Path file) {
        try {
            // Not readString, which throws on what is not text.
            return new String(Files.readAllBytes(root.resolve(file)), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> lines(Path file) {
        return text(file).lines().toList();
    }
}
