package io.onebox.controller;

import io.onebox.controller.store.Database;
import io.onebox.controller.trust.SealedFile;
import io.onebox.controller.trust.StateFiles;
import io.onebox.shared.config.ControllerConfig;
import io.onebox.shared.config.DatabaseConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// Everything a controller cannot make again, in one file sealed with a passphrase: the keys, and the database if it is
/// SQLite. Not in it are `controller.toml`, the history and a PostgreSQL database, which has means of its own.
public final class Backup {

    private static final String DATABASE = "onebox.db";
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final ControllerConfig config;
    private final StateFiles state;

    public Backup(ControllerConfig config) {
        this.config = config;
        this.state = new StateFiles(config.stateDirectory());
    }

    /// Whether there is a controller that a restore would overwrite.
    public boolean isOccupied() {
        return Files.exists(state.masterKey())
                || file().map(file -> Files.exists(file)).orElse(false);
    }

    /// The file of the database, if it is one.
    private Optional<Path> file() {
        return switch (config.database()) {
            case DatabaseConfig.SqliteFile(Path file) -> Optional.of(file);
            case DatabaseConfig.PostgresqlServer _ -> Optional.empty();
        };
    }

    /// Whether the database is in the backup too.
    public boolean isWithDatabase() {
        return file().isPresent();
    }

    /// When a backup was last written here; empty for never.
    public Optional<Instant> last() {
        try {
            return Optional.of(Files.getLastModifiedTime(state.lastBackup()).toInstant());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// Writes a backup, also while the controller runs. The file is there only when it is whole.
    public void write(Path file, String passphrase) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Path copy = state.directory().resolve("backup.db");
        try {
            Files.deleteIfExists(copy);
            if (isWithDatabase()) {
                copyDatabase(copy);
            }
            Files.deleteIfExists(part);
            Files.createFile(part, OWNER_ONLY);
            seal(part, files(Optional.of(copy)), passphrase);
            force(part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(state.lastBackup()); // Somebody else's, perhaps, who could not be overwritten.
            Files.createFile(state.lastBackup(), OWNER_ONLY);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        } finally {
            deleteQuietly(copy);
            deleteQuietly(part);
        }
    }

    private void copyDatabase(Path copy) {
        try (Database database = Database.open(config.database())) {
            database.copyTo(copy);
        }
    }

    private static void seal(Path part, Map<String, Path> files, String passphrase) throws IOException {
        try (OutputStream out = Files.newOutputStream(part);
                var zip = new ZipOutputStream(SealedFile.seal(out, passphrase, new SecureRandom()))) {
            for (Map.Entry<String, Path> entry : files.entrySet()) {
                // The root's key may be kept elsewhere, the database be PostgreSQL's.
                if (Files.exists(entry.getValue())) {
                    zip.putNextEntry(new ZipEntry(entry.getKey()));
                    Files.copy(entry.getValue(), zip);
                    zip.closeEntry();
                }
            }
        }
    }

    /// Puts back what a backup holds, where there is no controller yet. Nothing is there before all of it has been
    /// read.
    public void restore(Path file, String passphrase) {
        state.create();
        Map<String, Path> places = files(file());
        Map<Path, Path> read = new LinkedHashMap<>();
        try (var zip = new ZipInputStream(SealedFile.open(Files.newInputStream(file), passphrase))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path place = places.get(entry.getName());
                if (place == null) {
                    throw new StateFiles.StateException(
                            entry.getName().equals(DATABASE)
                                    ? "the backup holds a database of SQLite, but database.url is " + config.database()
                                    : "the backup is of a newer version: it holds " + entry.getName());
                }
                Path part = place.resolveSibling(place.getFileName() + ".part");
                Files.deleteIfExists(part);
                Files.createFile(part, OWNER_ONLY);
                read.put(part, place);
                Files.copy(zip, part, StandardCopyOption.REPLACE_EXISTING);
                Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-------"));
                force(part);
            }
            if (!read.containsValue(state.masterKey())) {
                throw new StateFiles.StateException("this is not a backup of onebox-controller");
            }
            if (isWithDatabase() && !read.containsValue(places.get(DATABASE))) {
                throw new StateFiles.StateException("the backup holds keys alone, for its database was PostgreSQL;"
                        + " give that one in database.url");
            }
            for (Map.Entry<Path, Path> entry : read.entrySet()) {
                Files.move(entry.getKey(), entry.getValue(), StandardCopyOption.ATOMIC_MOVE);
            }
            state.giveToOwner(config.database());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot restore " + file, e);
        } finally {
            read.keySet().forEach(Backup::deleteQuietly);
        }
    }

    /// What a backup holds, and where it is.
    ///
    /// @param database empty if it is none of ours
    private Map<String, Path> files(Optional<Path> database) {
        Map<String, Path> files = new LinkedHashMap<>();
        database.ifPresent(file -> files.put(DATABASE, file));
        for (Path key : Set.of(state.rootKey(), state.masterKey())) {
            files.put(key.getFileName().toString(), key);
        }
        return files;
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // It stays beside; the next backup replaces it.
        }
    }
}
