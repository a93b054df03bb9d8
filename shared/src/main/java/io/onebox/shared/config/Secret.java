package io.onebox.shared.config;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/// A key of 32 bytes read from a file. Never shown.
public final class Secret {

    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Reads 32 bytes in base64; white space around them is ignored.
    public static Optional<Secret> parse(String base64) {
        return Rules.key(base64.strip()).map(Secret::new);
    }

    /// A copy of the bytes.
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Secret[redacted]";
    }
}
