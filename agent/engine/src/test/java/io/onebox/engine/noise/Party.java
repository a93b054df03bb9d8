package io.onebox.engine.noise;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import java.lang.foreign.Arena;
import java.util.Random;
import java.util.random.RandomGenerator;

/// One side of a handshake in tests: an identity, chance from a seed, and packets.
final class Party {

    final RandomGenerator random;
    final LocalIdentity local;
    final HandshakeContext context;
    final CookieChecker checker;

    private final PacketPool pool = new PacketPool(Arena.ofAuto(), 64);

    Party(long seed) {
        this(PrivateKey.generate(new Random(seed)), new Random(-seed));
    }

    Party(PrivateKey key, RandomGenerator random) {
        this.random = random;
        this.local = new LocalIdentity(key);
        this.context = new HandshakeContext(local, JceAead.factory(), random);
        this.checker = new CookieChecker(local.publicKey(), random);
    }

    PublicKey publicKey() {
        return local.publicKey();
    }

    PeerIdentity sees(Party other, PresharedKey psk) {
        return new PeerIdentity(local, other.publicKey(), psk);
    }

    Packet packet() {
        Packet packet = pool.acquire();
        if (packet == null) {
            throw new IllegalStateException("a test of this size needs more packets");
        }
        return packet;
    }
}
