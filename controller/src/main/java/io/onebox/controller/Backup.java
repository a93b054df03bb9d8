package io.onebox.controller;

import io.onebox.controller.store.Database;
import io.onebox.controller.trust.SealedFile;
import io.onebox.controller.trust.StateFiles;
import io.onebox.shared.config.ControllerConfig;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// Everything a controller cannot make again, in one file sealed with a passphrase: the database and the keys. Not in
/// it are `controller.toml` and the history.
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
        return Files.exists(config.database()) || Files.exists(state.masterKey());
    }

    /// Writes a backup, also while the controller runs. The file is there only when it is whole.
    public void write(Path file, String passphrase) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Path copy = state.directory().resolve("backup.db");
        try (Database database = Database.open(config.database())) {
            Files.deleteIfExists(copy);
            database.copyTo(copy);
            Files.deleteIfExists(part);
            Files.createFile(part, OWNER_ONLY);
            seal(part, files(copy), passphrase);
            force(part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        } finally {
            deleteQuietly(copy);
            deleteQuietly(part);
        }
    }

    private static void seal(Path part, Map<String, Path> files, String passphrase) throws IOException {
        try (OutputStream out = Files.newOutputStream(part);
                var zip = new ZipOutputStream(SealedFile.seal(out, passphrase, new SecureRandom()))) {
            for (Map.Entry<String, Path> entry : files.entrySet()) {
                if (Files.exists(entry.getValue())) { // The root's key may be kept elsewhere.
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
        Map<String, Path> places = files(config.database());
        Map<Path, Path> read = new LinkedHashMap<>();
        try (var zip = new ZipInputStream(SealedFile.open(Files.newInputStream(file), passphrase))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path place = places.get(entry.getName());
                if (place == null) {
                    throw new StateFiles.StateException(
                            "the backup is of a newer version: it holds " + entry.getName());
                }
                Path part = place.resolveSibling(place.getFileName() + ".part");
                Files.deleteIfExists(part);
                Files.createFile(part, OWNER_ONLY);
                read.put(part, place);
                Files.copy(zip, part, StandardCopyOption.REPLACE_EXISTING);
                Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-------"));
                force(part);
            }
            if (!read.containsValue(config.database()) || !read.containsValue(state.masterKey())) {
                throw new StateFiles.StateException("this is not a backup of onebox-controller");
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
    private Map<String, Path> files(Path database) {
        Map<String, Path> files = new LinkedHashMap<>();
        files.put(DATABASE, database);
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
