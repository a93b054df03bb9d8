package io.onebox.engine.session;

import io.onebox.engine.noise.Aead;
import io.onebox.engine.noise.PrivateKey;
import java.util.random.RandomGenerator;

/// What all sessions of an agent share.
///
/// @param identity our static key
/// @param aead makes the cipher of each keypair
/// @param random for ephemeral keys, indices and cookies; a `SecureRandom` outside tests
/// @param wallClockAtZeroNs nanoseconds since 1970 at `nowNs == 0`, for handshake timestamps; must
///     not be lower than in an earlier life of the same identity
/// @param epoch random number of this life, by which the peer notices a restart
public record EngineConfig(
        PrivateKey identity, Aead.Factory aead, RandomGenerator random, long wallClockAtZeroNs, long epoch) {}
