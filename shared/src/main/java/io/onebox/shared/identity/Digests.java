package io.onebox.shared.identity;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The two one-way functions of this package.
public final class Digests {

    /// Bytes of a digest.
    public static final int LENGTH = 32;

    private static final String HMAC = "HmacSHA256";

    private Digests() {}

    /// SHA-256.
    public static Bytes sha256(byte[] bytes) {
        try {
            return Bytes.of(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// HMAC-SHA-256 (RFC 2104).
    public static Bytes hmac(Bytes key, byte[] bytes) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key.array(), HMAC));
            return Bytes.of(mac.doFinal(bytes));
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("not a key for an HMAC", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }
}
