package io.onebox.engine.noise;

import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.modes.XChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jspecify.annotations.Nullable;

/// The ciphers of the handshake, for the few dozen bytes of its fields: ChaCha20-Poly1305 with
/// associated data (RFC 8439, section 2.8), and XChaCha20-Poly1305
/// for cookies (draft-irtf-cfrg-xchacha-03).
///
/// Source: WireGuard whitepaper, section 5.4, `AEAD` and `XAEAD`.
final class SealedBox {

    private static final int TAG_BITS = Aead.TAG_LENGTH * Byte.SIZE;

    private SealedBox() {}

    /// @param nonce 12 bytes
    static byte[] seal(byte[] key, byte[] nonce, byte[] plain, byte[] associated) {
        return sealed(new ChaCha20Poly1305(), parameters(key, nonce, associated), plain);
    }

    /// The plain text, or `null` if it is not authentic.
    ///
    /// @param nonce 12 bytes
    static byte @Nullable [] open(byte[] key, byte[] nonce, byte[] sealed, byte[] associated) {
        return opened(new ChaCha20Poly1305(), parameters(key, nonce, associated), sealed);
    }

    /// @param nonce 24 bytes
    static byte[] sealCookie(byte[] key, byte[] nonce, byte[] plain, byte[] associated) {
        return sealed(new XChaCha20Poly1305(), parameters(key, nonce, associated), plain);
    }

    /// The cookie, or `null` if it is not authentic.
    ///
    /// @param nonce 24 bytes
    static byte @Nullable [] openCookie(byte[] key, byte[] nonce, byte[] sealed, byte[] associated) {
        return opened(new XChaCha20Poly1305(), parameters(key, nonce, associated), sealed);
    }

    private static AEADParameters parameters(byte[] key, byte[] nonce, byte[] associated) {
        return new AEADParameters(new KeyParameter(key), TAG_BITS, nonce, associated);
    }

    private static byte[] sealed(AEADCipher cipher, AEADParameters parameters, byte[] plain) {
        cipher.init(true, parameters);
        var sealed = new byte[plain.length + Aead.TAG_LENGTH];
        int written = cipher.processBytes(plain, 0, plain.length, sealed, 0);
        try {
            cipher.doFinal(sealed, written);
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("sealing checks no tag", e);
        }
        return sealed;
    }

    private static byte @Nullable [] opened(AEADCipher cipher, AEADParameters parameters, byte[] sealed) {
        if (sealed.length < Aead.TAG_LENGTH) {
            return null;
        }
        cipher.init(false, parameters);
        var plain = new byte[sealed.length - Aead.TAG_LENGTH];
        try {
            int written = cipher.processBytes(sealed, 0, sealed.length, plain, 0);
            cipher.doFinal(plain, written);
            return plain;
        } catch (InvalidCipherTextException _) {
            // Ordinary for bytes from anywhere: a value for the caller, not an error of ours.
            return null;
        }
    }
}
