package io.onebox.engine.noise;

import java.util.Arrays;

/// Who a peer is to us: its static key, the preshared key, and the Diffie-Hellman of both static keys,
/// computed once.
public final class PeerIdentity {

    private final PublicKey publicKey;
    private final PresharedKey psk;
    private final byte[] staticSecret = new byte[PublicKey.LENGTH];
    private boolean usable;

    /// @param peer the static key of the peer
    /// @param psk [PresharedKey#NONE] if there is none
    public PeerIdentity(LocalIdentity local, PublicKey peer, PresharedKey psk) {
        this.publicKey = peer;
        this.psk = psk;
        this.usable = local.key().agree(peer.bytes(), staticSecret);
    }

    /// The static key of the peer.
    public PublicKey publicKey() {
        return publicKey;
    }

    /// Whether the peer's key can take part in a handshake. One of low order cannot: the shared secret
    /// would be known to all (RFC 7748, section 6.1).
    public boolean isUsable() {
        return usable;
    }

    /// Overwrites the shared secret. No handshake is possible afterwards.
    public void erase() {
        Arrays.fill(staticSecret, (byte) 0);
        usable = false;
    }

    PresharedKey psk() {
        return psk;
    }

    byte[] staticSecret() {
        return staticSecret;
    }
}
