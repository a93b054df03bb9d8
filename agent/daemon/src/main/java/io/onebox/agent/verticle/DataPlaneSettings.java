package io.onebox.agent.verticle;

import io.onebox.agent.dataplane.Neighbours;
import io.onebox.engine.session.EngineConfig;

/// What a data plane, or a shard of one, is made of.
///
/// @param tunName name of the interface to create, or a pattern such as `onebox%d`
/// @param engine identity and ciphers; its epoch is that of the first life, later ones draw their own
/// @param packets size of the packet pool; each takes 2 KiB of native memory
/// @param neighbours the other shards, if the engine is one of several
public record DataPlaneSettings(String tunName, EngineConfig engine, int packets, Neighbours neighbours) {

    /// Enough for 300 Mbit/s over 100 ms, held for repair at one end and for order at the other. A guess.
    public static final int DEFAULT_PACKETS = 8_192;

    /// What a dozen sockets and the engine's reserve take, and some to work with.
    private static final int LEAST_PACKETS = 2_048;

    /// What an only data plane is made of.
    public DataPlaneSettings(String tunName, EngineConfig engine, int packets) {
        this(tunName, engine, packets, Neighbours.none());
    }

    public DataPlaneSettings {
        if (packets < LEAST_PACKETS) {
            throw new IllegalArgumentException("a data plane needs 2048 packets at least, was " + packets);
        }
    }
}
