package io.onebox.controller.trust;

import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.Digests;
import io.onebox.shared.identity.Transcript;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals secrets that stand in the database: AES-256-GCM under a key that does not.
public final class MasterKey {

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;

    private final Bytes key;
    private final SecureRandom random;

    private MasterKey(byte[] key, SecureRandom random) {
        this.key = Bytes.of(key);
        this.random = random;
    }

    /// Makes the file.
    public static MasterKey create(StateFiles files, SecureRandom random) {
        var key = new byte[Digests.LENGTH];
        random.nextBytes(key);
        StateFiles.write(files.masterKey(), key);
        return new MasterKey(key, random);
    }

    /// Reads the file.
    public static MasterKey read(StateFiles files, SecureRandom random) {
        return new MasterKey(StateFiles.read(files.masterKey()), random);
    }

    /// Seals a secret under its name: it opens under no other.
    public String seal(String name, byte[] secret) {
        var nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, name, nonce).doFinal(secret);
            ByteBuffer all = ByteBuffer.allocate(nonce.length + sealed.length);
            return Bytes.of(all.put(nonce).put(sealed).array()).toString();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + CIPHER, e);
        }
    }

    /// Opens what [#seal] made.
    public byte[] open(String name, String sealed) {
        byte[] all = Bytes.parse(sealed).orElse(Bytes.of(new byte[0])).array();
        if (all.length < NONCE_LENGTH) {
            throw new StateFiles.StateException("the secret '" + name + "' in the database is damaged");
        }
        try {
            byte[] nonce = Arrays.copyOf(all, NONCE_LENGTH);
            return cipher(Cipher.DECRYPT_MODE, name, nonce).doFinal(all, NONCE_LENGTH, all.length - NONCE_LENGTH);
        } catch (GeneralSecurityException _) {
            throw new StateFiles.StateException(
                    "the secret '" + name + "' in the database was sealed with another master.key");
        }
    }

    /// Marks bytes as ours for a purpose, without keeping them.
    public Bytes mark(String purpose, byte[] bytes) {
        return Digests.hmac(key, Transcript.of(purpose).add(bytes).bytes());
    }

    @Override
    public String toString() {
        return "MasterKey[redacted]";
    }

    private Cipher cipher(int mode, String name, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, new SecretKeySpec(key.array(), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
