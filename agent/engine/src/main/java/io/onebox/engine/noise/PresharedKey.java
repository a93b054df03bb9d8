package io.onebox.engine.noise;

import java.security.MessageDigest;
import java.util.Arrays;

/// A symmetric key mixed into the handshake beside the static keys. Never shown.
public final class PresharedKey {

    /// Bytes of a key.
    public static final int LENGTH = 32;

    /// The key of 32 zero bytes that stands for none (WireGuard whitepaper, section 5.4).
    public static final PresharedKey NONE = new PresharedKey(new byte[LENGTH]);

    private final byte[] bytes;

    /// Takes a copy of 32 bytes.
    public PresharedKey(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a preshared key has 32 bytes, got " + bytes.length);
        }
        this.bytes = bytes.clone();
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PresharedKey key && MessageDigest.isEqual(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "PresharedKey[redacted]";
    }
}
