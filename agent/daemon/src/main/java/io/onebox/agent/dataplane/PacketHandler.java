package io.onebox.agent.dataplane;

import io.onebox.engine.packet.Packet;

/// Takes the packets a device received, one by one.
@FunctionalInterface
public interface PacketHandler {

    /// Takes ownership of `packet`.
    ///
    /// @param nowNs when the batch was received
    void onPacket(Packet packet, long nowNs);
}
