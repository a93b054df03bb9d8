package io.onebox.controller.trust;

import io.onebox.shared.identity.Bytes;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Makes 32 bytes of what somebody can remember, slowly: Argon2id, RFC 9106.
///
/// @param memoryKib memory it takes
/// @param passes over that memory
public record Argon2id(int memoryKib, int passes) {

    /// Bytes it makes.
    public static final int LENGTH = 32;

    /// Bytes of salt.
    public static final int SALT_LENGTH = 16;

    public Bytes derive(String secret, byte[] salt) {
        var argon2 = new Argon2BytesGenerator();
        argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(1)
                .withSalt(salt)
                .build());
        var derived = new byte[LENGTH];
        argon2.generateBytes(secret.getBytes(StandardCharsets.UTF_8), derived);
        return Bytes.of(derived);
    }
}
