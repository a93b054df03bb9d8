package io.onebox.shared.identity;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// The private half of an Ed25519 key. Never shown.
public final class SigningKey {

    /// What stands before the 32 bytes of the seed in PKCS #8 (RFC 8410, section 7).
    private static final byte[] PKCS8_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final byte[] seed;
    private final PrivateKey key;
    private final VerifyKey verifyKey;

    private SigningKey(byte[] seed, PrivateKey key, VerifyKey verifyKey) {
        this.seed = seed;
        this.key = key;
        this.verifyKey = verifyKey;
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
        byte[] pkcs8 = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + seed.length);
        System.arraycopy(seed, 0, pkcs8, PKCS8_PREFIX.length, seed.length);
        try {
            PrivateKey key =
                    KeyFactory.getInstance(VerifyKey.ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            return new SigningKey(seed.clone(), key, verifyKey(seed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    private static VerifyKey verifyKey(byte[] seed) {
        var bytes = new byte[VerifyKey.LENGTH];
        Ed25519.generatePublicKey(seed, 0, bytes, 0);
        return VerifyKey.of(bytes).orElseThrow();
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
        return key;
    }

    /// A signature over `message`.
    public Bytes sign(byte[] message) {
        try {
            Signature signer = Signature.getInstance(VerifyKey.ALGORITHM);
            signer.initSign(key);
            signer.update(message);
            return Bytes.of(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK signs with Ed25519", e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[redacted]";
    }
}
