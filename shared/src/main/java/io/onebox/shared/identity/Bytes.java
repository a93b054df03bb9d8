package io.onebox.shared.identity;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/// Bytes as a value: a nonce, a signature, a digest. Written in base64 with its padding.
public final class Bytes {

    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /// A copy of these.
    public static Bytes of(byte[] array) {
        return new Bytes(array.clone());
    }

    /// Bytes nobody can guess.
    public static Bytes random(SecureRandom random, int length) {
        var array = new byte[length];
        random.nextBytes(array);
        return new Bytes(array);
    }

    /// The bytes; empty if `text` is not base64.
    public static Optional<Bytes> parse(String text) {
        try {
            return Optional.of(new Bytes(Base64.getDecoder().decode(text)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// Exactly so many bytes.
    public static Optional<Bytes> parse(String text, int length) {
        return parse(text).filter(bytes -> bytes.length() == length);
    }

    /// A copy.
    public byte[] array() {
        return array.clone();
    }

    public int length() {
        return array.length;
    }

    /// In hexadecimal.
    public String hex() {
        return HexFormat.of().formatHex(array);
    }

    /// Compares in constant time: these may be proofs.
    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && MessageDigest.isEqual(array, bytes.array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    /// In base64.
    @Override
    public String toString() {
        return Base64.getEncoder().encodeToString(array);
    }
}
