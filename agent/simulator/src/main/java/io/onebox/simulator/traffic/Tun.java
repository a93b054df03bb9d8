package io.onebox.simulator.traffic;

import io.onebox.engine.packet.Packet;
import org.jspecify.annotations.Nullable;

/// Where a stack sends its packets: a tunnel, or a bare link.
public interface Tun {

    /// An empty packet, or `null` if there is no memory; the stack then loses what it wanted to send.
    @Nullable
    Packet acquire();

    /// Takes a packet and ownership of it. Does not call back.
    void send(Packet packet);
}
