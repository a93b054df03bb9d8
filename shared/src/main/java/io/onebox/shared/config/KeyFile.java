package io.onebox.shared.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/// A file that holds one key and that nobody but its owner may touch.
public final class KeyFile {

    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /// Longest file worth looking at; a key has 44 characters.
    private static final long MAX_BYTES = 4096;

    private KeyFile() {}

    /// What became of reading a key.
    public sealed interface Result {
        /// The key.
        record Key(Secret secret) implements Result {}

        /// Why there is none, with the fix.
        record Refused(String problem) implements Result {}
    }

    /// Reads the key, or says why it cannot be used.
    public static Result read(Path file) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (!OWNER.containsAll(mode)) {
                return new Result.Refused("%s has mode %s, which is wider than 0600; run: chmod 600 %s"
                        .formatted(file, PosixFilePermissions.toString(mode), file));
            }
            if (Files.size(file) > MAX_BYTES) {
                return new Result.Refused(file + " is too long to be a key");
            }
            return Secret.parse(Files.readString(file))
                    .<Result>map(Result.Key::new)
                    .orElseGet(() -> new Result.Refused(file
                            + " must hold 32 bytes in base64 (44 characters);"
                            + " make a key with: onebox-client keygen --out "
                            + file));
        } catch (NoSuchFileException _) {
            return new Result.Refused(file + " does not exist; make a key with: onebox-client keygen --out " + file);
        } catch (AccessDeniedException _) {
            return new Result.Refused(file + " cannot be read: permission denied; run as its owner, or as root;"
                    + " for the service, which runs as the user onebox: chown onebox " + file);
        } catch (IOException e) {
            return new Result.Refused(file + " cannot be read: " + e.getMessage());
        }
    }
}
