package io.onebox.engine.noise;

import java.util.Arrays;
import org.bouncycastle.crypto.digests.Blake2sDigest;

/// BLAKE2s (RFC 7693) in the three forms WireGuard uses: plain, keyed with 16 bytes of output, and as
/// the hash inside HMAC (RFC 2104).
///
/// Source: WireGuard whitepaper, section 5.4, `HASH`, `MAC` and `HMAC`.
final class Blake2s {

    /// Bytes of a hash.
    static final int HASH_LENGTH = 32;

    /// Bytes of a keyed MAC.
    static final int MAC_LENGTH = 16;

    private static final int BLOCK_LENGTH = 64;
    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5c;

    private Blake2s() {}

    /// The hash of `first` followed by `second`, into `target`, which may be one of them.
    static void hash(byte[] first, byte[] second, byte[] target) {
        var digest = new Blake2sDigest(HASH_LENGTH * Byte.SIZE);
        digest.update(first, 0, first.length);
        digest.update(second, 0, second.length);
        digest.doFinal(target, 0);
    }

    /// The keyed MAC of the first `length` bytes of `message`.
    ///
    /// @param key at most 32 bytes
    static byte[] mac(byte[] key, byte[] message, int length) {
        var digest = new Blake2sDigest(key, MAC_LENGTH, null, null);
        digest.update(message, 0, length);
        var mac = new byte[MAC_LENGTH];
        digest.doFinal(mac, 0);
        digest.clearKey();
        return mac;
    }

    /// HMAC of `message` under `key`, into `target`, which may be either of them.
    ///
    /// @param key at most 64 bytes
    static void hmac(byte[] key, byte[] message, byte[] target) {
        var pad = new byte[BLOCK_LENGTH];
        var inner = new byte[HASH_LENGTH];
        pad(key, INNER_PAD, pad);
        hash(pad, message, inner);
        pad(key, OUTER_PAD, pad);
        hash(pad, inner, target);
        Arrays.fill(pad, (byte) 0);
        Arrays.fill(inner, (byte) 0);
    }

    private static void pad(byte[] key, byte filler, byte[] target) {
        Arrays.fill(target, filler);
        for (int i = 0; i < key.length; i++) {
            target[i] ^= key[i];
        }
    }
}
