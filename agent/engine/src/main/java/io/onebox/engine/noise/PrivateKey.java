package io.onebox.engine.noise;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.bouncycastle.math.ec.rfc7748.X25519;

/// A Curve25519 private key. Never shown, and erased when no longer needed.
public final class PrivateKey implements AutoCloseable {

    /// Bytes of a key.
    public static final int LENGTH = 32;

    private final byte[] bytes;

    /// Takes a copy of 32 bytes and clamps it (RFC 7748, section 5).
    public PrivateKey(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a private key has 32 bytes, got " + bytes.length);
        }
        this.bytes = bytes.clone();
        this.bytes[0] &= (byte) 0xf8;
        this.bytes[LENGTH - 1] &= 0x7f;
        this.bytes[LENGTH - 1] |= 0x40;
    }

    /// A new key from `random`.
    public static PrivateKey generate(RandomGenerator random) {
        var bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        try {
            return new PrivateKey(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /// The public key that belongs to this one.
    public PublicKey publicKey() {
        var result = new byte[PublicKey.LENGTH];
        X25519.scalarMultBase(bytes, 0, result, 0);
        return new PublicKey(result);
    }

    /// Diffie-Hellman with `peer` (32 bytes) into `shared` (32 bytes).
    ///
    /// @return whether the result is usable: not all zero (RFC 7748, section 6.1)
    boolean agree(byte[] peer, byte[] shared) {
        X25519.scalarMult(bytes, 0, peer, 0, shared, 0);
        int sum = 0;
        for (byte b : shared) {
            sum |= b;
        }
        return sum != 0;
    }

    /// Overwrites the key.
    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "PrivateKey[redacted]";
    }
}
