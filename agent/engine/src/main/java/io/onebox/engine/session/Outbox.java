package io.onebox.engine.session;

import io.onebox.engine.packet.Packet;

/// Everything the engine can do to the outside world. Implementations must not call back into the
/// engine; they take ownership of the packet.
public interface Outbox {

    /// Sends a datagram by its link to its remote address.
    void transmit(Packet datagram);

    /// Hands an inner IP packet to the TUN device.
    void deliver(Packet packet);

    /// Gives an inner packet or a datagram that belongs to a session of another shard to it: to
    /// [Sessions#onHandedOver] there, by a copy. Never called if there is one shard only.
    default void handOver(int shard, boolean isInner, Packet packet) {
        throw new IllegalStateException("there is no shard " + shard);
    }

    /// Tells what happened to a session. Rare; never per packet.
    void report(SessionEvent event);
}
