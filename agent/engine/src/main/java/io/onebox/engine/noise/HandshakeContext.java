package io.onebox.engine.noise;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// What every handshake of an agent shares.
///
/// @param local who we are
/// @param aead makes the ciphers of the transport keys
/// @param random for ephemeral keys; a `SecureRandom` outside tests
public record HandshakeContext(LocalIdentity local, Aead.Factory aead, RandomGenerator random) {

    Keypair keypair(HandshakeIndices indices, long nowNs, HandshakeState state) {
        var fromInitiator = new byte[Aead.KEY_LENGTH];
        var fromResponder = new byte[Aead.KEY_LENGTH];
        state.split(fromInitiator, fromResponder);
        try {
            return indices.initiator()
                    ? new Keypair(indices, nowNs, aead.create(fromInitiator), aead.create(fromResponder))
                    : new Keypair(indices, nowNs, aead.create(fromResponder), aead.create(fromInitiator));
        } finally {
            Arrays.fill(fromInitiator, (byte) 0);
            Arrays.fill(fromResponder, (byte) 0);
        }
    }
}
