package io.onebox.controller.trust;

import io.onebox.shared.config.DatabaseConfig;
import io.onebox.shared.config.KeyFile;
import io.onebox.shared.config.Secret;
import io.onebox.shared.identity.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// The files in the state directory that must never be in the database.
///
/// @param directory mode 0700
public record StateFiles(Path directory) {

    private static final String ROOT = "root.key";
    private static final String MASTER = "master.key";

    /// The state directory has what is not there, or lacks what should be.
    public static final class StateException extends RuntimeException {
        public StateException(String message) {
            super(message);
        }
    }

    /// The seed of the root; may be kept elsewhere after `init`.
    public Path rootKey() {
        return directory.resolve(ROOT);
    }

    /// What seals secrets in the database.
    public Path masterKey() {
        return directory.resolve(MASTER);
    }

    /// Empty, and as old as the last backup.
    public Path lastBackup() {
        return directory.resolve("last-backup");
    }

    /// Creates the directory, for its owner alone.
    public void create() {
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + directory, e);
        }
    }

    /// Gives what root made to whom the directory belongs: the service is not root.
    ///
    /// @param database may be elsewhere
    public void giveToOwner(DatabaseConfig database) {
        List<Path> files = new ArrayList<>(List.of(rootKey(), masterKey()));
        if (database instanceof DatabaseConfig.SqliteFile(Path file)) {
            files.add(file);
        }
        try {
            UserPrincipal owner = Files.getOwner(directory);
            for (Path file : files) {
                if (Files.exists(file) && !Files.getOwner(file).equals(owner)) {
                    Files.setOwner(file, owner);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot give the files in " + directory + " to its owner", e);
        }
    }

    /// Writes a new key, for its owner alone; the disk has it when this returns.
    static void write(Path file, byte[] key) {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        ByteBuffer line = ByteBuffer.wrap((Bytes.of(key) + "\n").getBytes(StandardCharsets.US_ASCII));
        try (var channel = java.nio.channels.FileChannel.open(
                file, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /// Reads a key of 32 bytes.
    static byte[] read(Path file) {
        return switch (KeyFile.read(file)) {
            case KeyFile.Result.Key(Secret secret) -> secret.bytes();
            case KeyFile.Result.Refused(String problem) ->
                throw new StateException(
                        Files.exists(file) ? problem : file + " is missing; run: onebox-controller init");
        };
    }
}
