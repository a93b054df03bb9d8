package io.onebox.engine.noise;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// The keys that anybody who knows a peer's public key can compute: they prove that a message was
/// meant for it, and hide its cookies from those who do not know whom it was meant for.
///
/// Source: WireGuard whitepaper, sections 5.4.4 and 5.4.7.
final class MacKeys {

    private static final byte[] MAC1_LABEL = "mac1----".getBytes(US_ASCII);
    private static final byte[] COOKIE_LABEL = "cookie--".getBytes(US_ASCII);

    private final byte[] mac1 = new byte[Blake2s.HASH_LENGTH];
    private final byte[] cookie = new byte[Blake2s.HASH_LENGTH];

    MacKeys(PublicKey receiver) {
        byte[] key = receiver.bytes();
        Blake2s.hash(MAC1_LABEL, key, mac1);
        Blake2s.hash(COOKIE_LABEL, key, cookie);
    }

    byte[] mac1() {
        return mac1;
    }

    byte[] cookie() {
        return cookie;
    }
}
