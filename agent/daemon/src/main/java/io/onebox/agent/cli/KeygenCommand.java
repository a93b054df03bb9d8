package io.onebox.agent.cli;

import io.onebox.engine.noise.PrivateKey;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `keygen`: a new private key, and its public key on stdout.
@Command(name = "keygen", description = "Make a private key; print its public key.")
final class KeygenCommand implements Runnable {

    /// The user of the units.
    private static final String SERVICE_USER = "onebox";

    private final Invocation invocation;

    @Option(
            names = "--out",
            paramLabel = "F",
            description = "File for the private key, mode 0600; without it the key is the first line of the output.")
    private @Nullable Path file;

    KeygenCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        var bytes = new byte[PrivateKey.LENGTH];
        new SecureRandom().nextBytes(bytes);
        // Clamped as RFC 7748, section 5 says, so that the file shows the key that is used.
        bytes[0] &= (byte) 0xf8;
        bytes[PrivateKey.LENGTH - 1] &= 0x7f;
        bytes[PrivateKey.LENGTH - 1] |= 0x40;
        String privateKey = Base64.getEncoder().encodeToString(bytes);
        String publicKey;
        try (var key = new PrivateKey(bytes)) {
            publicKey = key.publicKey().toString();
        }
        Arrays.fill(bytes, (byte) 0);
        if (file != null) {
            write(file, privateKey);
        }
        print(file == null ? privateKey : null, publicKey);
    }

    private void print(@Nullable String privateKey, String publicKey) {
        if (invocation.options().json) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("schema", "onebox.keygen/1");
            json.put("privateKey", privateKey);
            json.put("publicKey", publicKey);
            invocation.print(json);
            return;
        }
        if (privateKey != null) {
            invocation.print(privateKey);
        }
        invocation.print(publicKey);
    }

    private static void write(Path file, String key) {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = Files.newByteChannel(
                file, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
            var line = java.nio.ByteBuffer.wrap((key + "\n").getBytes(StandardCharsets.US_ASCII));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            giveToService(file);
        } catch (FileAlreadyExistsException _) {
            throw new CommandFailure(
                    ExitCode.REFUSED, file + " exists and is left as it is", "remove it first, or choose another file");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILURE, "cannot write " + e.getMessage(), "");
        }
    }

    /// The service does not run as root. If root makes a key, it is the service's, where there is one.
    private static void giveToService(Path file) throws IOException {
        var users = file.getFileSystem().getUserPrincipalLookupService();
        try {
            if (Files.getOwner(file).equals(users.lookupPrincipalByName("root"))) {
                Files.setOwner(file, users.lookupPrincipalByName(SERVICE_USER));
            }
        } catch (UserPrincipalNotFoundException _) {
            // No service here.
        }
    }
}
