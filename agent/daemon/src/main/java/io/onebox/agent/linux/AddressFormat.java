package io.onebox.agent.linux;

import io.onebox.engine.packet.Packet;

/// How a socket's family writes IP headers: `sockaddr` for the remote address, control messages for the local one
/// (`pktinfo`) and for ECN. Packets carry addresses as IPv6 halves, IPv4 mapped.
interface AddressFormat {

    /// `AF_INET` or `AF_INET6`.
    int family();

    /// Bytes of a `sockaddr`.
    int nameLength();

    /// Whether a socket of this family can send to the packet's remote address.
    boolean canReach(Packet packet);

    /// Prepares the parts of a message to send that never change.
    void prepare(MessageVector messages, int index);

    /// Writes remote and local address and ECN of `packet`; other control messages may be added behind.
    void write(MessageVector messages, int index, Packet packet);

    /// Reads remote and local address and ECN into `packet`; what the kernel did not tell becomes 0.
    void read(MessageVector messages, int index, Packet packet);
}
