package io.onebox.engine.noise;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// ChaCha20-Poly1305 by the JDK: for machines without libcrypto, and for tests. Copies through arrays
/// and allocates a little for each packet.
///
/// [#close] erases what is ours; copies inside the JDK's cipher stay until they are collected.
public final class JceAead implements Aead {

    private static final String TRANSFORMATION = "ChaCha20-Poly1305";
    private static final String KEY_ALGORITHM = "ChaCha20";
    private static final int NONCE_LENGTH = 12;

    private final byte[] key;
    private final Cipher sealing;
    private final Cipher opening;
    private final ByteBuffer nonce = ByteBuffer.allocate(NONCE_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private byte[] input = {};
    private byte[] output = {};

    private JceAead(byte[] key) {
        this.key = key.clone();
        try {
            this.sealing = Cipher.getInstance(TRANSFORMATION);
            this.opening = Cipher.getInstance(TRANSFORMATION);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 11 has " + TRANSFORMATION, e);
        }
    }

    /// Makes these.
    public static Factory factory() {
        return JceAead::new;
    }

    @Override
    public void seal(
            long counter,
            MemorySegment source,
            long sourceOffset,
            int length,
            MemorySegment target,
            long targetOffset) {
        reserve(length + TAG_LENGTH);
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, sourceOffset, input, 0, length);
        try {
            sealing.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, KEY_ALGORITHM), nonce(counter));
            int written = sealing.doFinal(input, 0, length, output, 0);
            MemorySegment.copy(output, 0, target, ValueLayout.JAVA_BYTE, targetOffset, written);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal under counter " + counter + "; is it used twice?", e);
        }
    }

    @Override
    public boolean open(
            long counter,
            MemorySegment source,
            long sourceOffset,
            int sealedLength,
            MemorySegment target,
            long targetOffset) {
        if (sealedLength < TAG_LENGTH) {
            return false;
        }
        reserve(sealedLength);
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, sourceOffset, input, 0, sealedLength);
        try {
            opening.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, KEY_ALGORITHM), nonce(counter));
            int written = opening.doFinal(input, 0, sealedLength, output, 0);
            MemorySegment.copy(output, 0, target, ValueLayout.JAVA_BYTE, targetOffset, written);
            return true;
        } catch (GeneralSecurityException _) {
            // Not authentic: ordinary for bytes from anywhere.
            return false;
        }
    }

    @Override
    public void close() {
        Arrays.fill(key, (byte) 0);
        Arrays.fill(input, (byte) 0);
        Arrays.fill(output, (byte) 0);
    }

    private IvParameterSpec nonce(long counter) {
        nonce.putLong(NONCE_LENGTH - Long.BYTES, counter);
        return new IvParameterSpec(nonce.array());
    }

    private void reserve(int length) {
        if (input.length < length) {
            input = new byte[length];
            output = new byte[length];
        }
    }
}
