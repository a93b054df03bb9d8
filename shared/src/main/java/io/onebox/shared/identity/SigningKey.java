package io.onebox.shared.identity;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// The private half of an Ed25519 key. Never shown.
public final class SigningKey {

    /// What stands before the 32 bytes of the seed in PKCS #8 (RFC 8410, section 7).
    private static final byte[] PKCS8_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final byte[] seed;
    private final VerifyKey verifyKey;

    private SigningKey(byte[] seed) {
        this.seed = seed;
        this.verifyKey = verifyKey(seed);
    }

    private static VerifyKey verifyKey(byte[] seed) {
        var bytes = new byte[VerifyKey.LENGTH];
        Ed25519.generatePublicKey(seed, 0, bytes, 0);
        return VerifyKey.of(bytes).orElseThrow();
    }

    /// A new key.
    public static SigningKey generate(SecureRandom random) {
        var seed = new byte[VerifyKey.LENGTH];
        random.nextBytes(seed);
        return ofSeed(seed);
    }

    /// The key of a seed of 32 bytes, as files hold it.
    public static SigningKey ofSeed(byte[] seed) {
        if (seed.length != VerifyKey.LENGTH) {
            throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, not " + seed.length);
        }
        return new SigningKey(seed.clone());
    }

    /// The public half.
    public VerifyKey verifyKey() {
        return verifyKey;
    }

    /// A copy of the seed, for the file it is kept in.
    public byte[] seed() {
        return seed.clone();
    }

    /// The key for the JDK's interfaces.
    public PrivateKey privateKey() {
        byte[] pkcs8 = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + seed.length);
        System.arraycopy(seed, 0, pkcs8, PKCS8_PREFIX.length, seed.length);
        try {
            return KeyFactory.getInstance(VerifyKey.ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    /// A signature over `message`.
    public Bytes sign(byte[] message) {
        var signature = new byte[VerifyKey.SIGNATURE_LENGTH];
        Ed25519.sign(seed, 0, verifyKey.bytes(), 0, message, 0, message.length, signature, 0);
        return Bytes.of(signature);
    }

    @Override
    public String toString() {
        return "SigningKey[redacted]";
    }
}
