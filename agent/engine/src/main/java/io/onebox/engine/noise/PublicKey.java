package io.onebox.engine.noise;

import java.util.Arrays;
import java.util.Base64;

/// A Curve25519 public key: the name of a peer.
public final class PublicKey {

    /// Bytes of a key.
    public static final int LENGTH = 32;

    private final byte[] bytes;
    private final int hash;

    /// Takes a copy of 32 bytes.
    public PublicKey(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a public key has 32 bytes, got " + bytes.length);
        }
        this.bytes = bytes.clone();
        this.hash = Arrays.hashCode(this.bytes);
    }

    /// A copy of the bytes.
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /// The key in base64, as configuration files and `wg` show it.
    @Override
    public String toString() {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
