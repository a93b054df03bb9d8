package io.onebox.engine.session;

import io.onebox.engine.noise.Aead;
import io.onebox.engine.noise.PrivateKey;
import io.onebox.engine.path.Shard;
import java.util.random.RandomGenerator;

/// What all sessions of an agent share.
///
/// @param identity our static key
/// @param aead makes the cipher of each keypair
/// @param random for ephemeral keys, indices and cookies; a `SecureRandom` outside tests
/// @param wallClockAtZeroNs nanoseconds since 1970 at `nowNs == 0`, for handshake timestamps; must
///     not be lower than in an earlier life of the same identity
/// @param epoch random number of this life, by which the peer notices a restart
/// @param shard the part of the agent's sessions this engine has
public record EngineConfig(
        PrivateKey identity,
        Aead.Factory aead,
        RandomGenerator random,
        long wallClockAtZeroNs,
        long epoch,
        Shard shard) {

    /// What the only engine of an agent needs.
    public EngineConfig(
            PrivateKey identity, Aead.Factory aead, RandomGenerator random, long wallClockAtZeroNs, long epoch) {
        this(identity, aead, random, wallClockAtZeroNs, epoch, Shard.ONLY);
    }

    /// The same for a part of the sessions.
    public EngineConfig of(Shard part) {
        return new EngineConfig(identity, aead, random, wallClockAtZeroNs, epoch, part);
    }

    /// The same in its next life.
    public EngineConfig reborn() {
        return new EngineConfig(identity, aead, random, wallClockAtZeroNs, random.nextLong(), shard);
    }
}
