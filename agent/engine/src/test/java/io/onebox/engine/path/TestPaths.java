package io.onebox.engine.path;

import io.onebox.engine.noise.HandshakeContext;
import io.onebox.engine.noise.JceAead;
import io.onebox.engine.noise.LocalIdentity;
import io.onebox.engine.noise.PeerIdentity;
import io.onebox.engine.noise.PresharedKey;
import io.onebox.engine.noise.PrivateKey;
import java.util.Random;

/// Paths without keys, for tests of what does not need any.
public final class TestPaths {

    private final LocalIdentity local = new LocalIdentity(PrivateKey.generate(new Random(1)));
    private final HandshakeContext context = new HandshakeContext(local, JceAead.factory(), new Random(2));
    private final PeerIdentity peer =
            new PeerIdentity(local, PrivateKey.generate(new Random(3)).publicKey(), PresharedKey.NONE);
    private final IndexTable indices = new IndexTable(new Random(4), Shard.ONLY);

    /// A path nobody answered on yet.
    public Path path(int id) {
        return new Path(id, 0, context, peer, indices);
    }

    /// A path that was answered on.
    ///
    /// @param oneWayNs one-way delay, plus the distance of the clocks
    public Path usable(int id, long oneWayNs, long nowNs) {
        Path path = path(id);
        path.onProbeReply(10_000_000, (int) (oneWayNs / 1_000), oneWayNs, nowNs);
        return path;
    }
}
