package io.onebox.agent.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Objects;

/// A file that is there as a whole or not at all, for its owner alone, and on the disk when writing returns. It belongs
/// to whom its directory belongs to: root may enrol, but the service does not run as root.
final class AtomicFile {

    private AtomicFile() {}

    static void write(Path file, String text) {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try {
            makeDirectory(directoryOf(file.toAbsolutePath()));
            Files.deleteIfExists(temporary);
            try (FileChannel channel = FileChannel.open(
                    temporary, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) { // A disk that is nearly full takes a part, and says nothing yet.
                    channel.write(bytes);
                }
                channel.force(true);
            }
            own(temporary);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static void makeDirectory(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            makeDirectory(directoryOf(directory));
            Files.createDirectory(directory);
            own(directory);
        }
    }

    private static void own(Path path) throws IOException {
        UserPrincipal owner = Files.getOwner(directoryOf(path.toAbsolutePath()));
        if (!Files.getOwner(path).equals(owner)) {
            Files.setOwner(path, owner);
        }
    }

    /// Only the root has none, and that exists.
    private static Path directoryOf(Path absolute) {
        return Objects.requireNonNull(absolute.getParent());
    }
}
