package io.onebox.agent.cli;

import io.onebox.engine.noise.PrivateKey;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.config.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `pubkey [F]`: the public key of a private key.
@Command(name = "pubkey", description = "Print the public key of a private key.")
final class PubkeyCommand implements Runnable {

    /// Longest input looked at; a key has 44 characters.
    private static final int MAX_BYTES = 4096;

    private final Invocation invocation;

    @Parameters(arity = "0..1", paramLabel = "F", description = "File of the private key; standard input without it.")
    private @Nullable Path file;

    PubkeyCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        Secret secret = Secret.parse(read())
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.BAD_DATA,
                        (file == null ? "standard input" : file) + " must hold 32 bytes in base64 (44 characters)",
                        "make a key with: " + invocation.role().program() + " keygen --out FILE"));
        String publicKey;
        try (var key = new PrivateKey(secret.bytes())) {
            publicKey = key.publicKey().toString();
        }
        if (invocation.options().json) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("schema", "onebox.pubkey/1");
            json.put("publicKey", publicKey);
            invocation.print(json);
        } else {
            invocation.print(publicKey);
        }
    }

    private String read() {
        try {
            byte[] bytes = file == null || file.toString().equals("-")
                    ? invocation.terminal().in().readNBytes(MAX_BYTES)
                    : Files.readAllBytes(file);
            return new String(bytes, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILURE, "cannot read " + e.getMessage(), "");
        }
    }
}
