package io.onebox.engine.noise;

import java.util.Arrays;

/// WireGuard's `KDF`: HKDF (RFC 5869) over HMAC-BLAKE2s, without info and with one to three outputs.
///
/// Source: WireGuard whitepaper, section 5.4.
final class Hkdf {

    private Hkdf() {}

    /// Derives one key of 32 bytes per target from `input` under `chainKey`. The chain key may be one
    /// of the targets.
    static void derive(byte[] chainKey, byte[] input, byte[]... targets) {
        var secret = new byte[Blake2s.HASH_LENGTH];
        Blake2s.hmac(chainKey, input, secret);
        byte[] previous = {};
        for (int i = 0; i < targets.length; i++) {
            byte[] block = Arrays.copyOf(previous, previous.length + 1);
            block[previous.length] = (byte) (i + 1);
            Blake2s.hmac(secret, block, targets[i]);
            Arrays.fill(block, (byte) 0);
            previous = targets[i];
        }
        Arrays.fill(secret, (byte) 0);
    }
}
