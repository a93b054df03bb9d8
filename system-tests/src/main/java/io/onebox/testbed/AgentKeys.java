package io.onebox.testbed;

import io.onebox.engine.noise.PrivateKey;
import java.security.SecureRandom;
import java.util.Base64;

/// A key pair in base64, as files and command lines want it.
///
/// @param privateKey secret of a throw-away agent
/// @param publicKey its name
public record AgentKeys(String privateKey, String publicKey) {

    /// New keys.
    public static AgentKeys generate() {
        String secret = randomSecret();
        try (var key = new PrivateKey(Base64.getDecoder().decode(secret))) {
            return new AgentKeys(secret, key.publicKey().toString());
        }
    }

    /// 32 random bytes, such as a preshared key.
    public static String randomSecret() {
        var bytes = new byte[PrivateKey.LENGTH];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "AgentKeys[" + publicKey + "]";
    }
}
