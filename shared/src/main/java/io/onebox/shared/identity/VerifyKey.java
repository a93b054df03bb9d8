package io.onebox.shared.identity;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// The public half of an Ed25519 key (RFC 8032): who somebody is, and whether he signed.
public final class VerifyKey {

    /// Bytes of a key.
    public static final int LENGTH = 32;

    /// Bytes of a signature.
    public static final int SIGNATURE_LENGTH = 64;

    /// What stands before the 32 bytes in a SubjectPublicKeyInfo (RFC 8410, section 4).
    private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    static final String ALGORITHM = "Ed25519";

    private final byte[] bytes;

    private VerifyKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /// A key of 32 bytes; empty if they are fewer or more.
    public static Optional<VerifyKey> of(byte[] bytes) {
        return bytes.length == LENGTH ? Optional.of(new VerifyKey(bytes.clone())) : Optional.empty();
    }

    /// A key in base64; empty if `text` is not one.
    public static Optional<VerifyKey> parse(String text) {
        return Bytes.parse(text).flatMap(bytes -> of(bytes.array()));
    }

    /// The key in a SubjectPublicKeyInfo; empty if that holds another kind of key.
    public static Optional<VerifyKey> ofSpki(byte[] spki) {
        boolean isEd25519 = spki.length == SPKI_PREFIX.length + LENGTH
                && Arrays.equals(spki, 0, SPKI_PREFIX.length, SPKI_PREFIX, 0, SPKI_PREFIX.length);
        return isEd25519 ? of(Arrays.copyOfRange(spki, SPKI_PREFIX.length, spki.length)) : Optional.empty();
    }

    /// The key as certificates carry it.
    public byte[] spki() {
        byte[] spki = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + LENGTH);
        System.arraycopy(bytes, 0, spki, SPKI_PREFIX.length, LENGTH);
        return spki;
    }

    /// A copy of the 32 bytes.
    public byte[] bytes() {
        return bytes.clone();
    }

    /// SHA-256 of the key as certificates carry it; what a token pins.
    public Fingerprint fingerprint() {
        return new Fingerprint(Digests.sha256(spki()));
    }

    /// Whether `signature` over `message` was made with the private half. False for whatever is no signature or no
    /// point of the curve: nothing from the network throws here.
    public boolean verifies(byte[] message, Bytes signature) {
        return signature.length() == SIGNATURE_LENGTH
                && Ed25519.verify(signature.array(), 0, bytes, 0, message, 0, message.length);
    }

    /// The key for the JDK's interfaces.
    ///
    /// @throws GeneralSecurityException if the bytes are no point of the curve
    public PublicKey publicKey() throws GeneralSecurityException {
        return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(spki()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifyKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// In base64.
    @Override
    public String toString() {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
