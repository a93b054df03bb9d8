package io.onebox.agent.dataplane;

import io.onebox.engine.packet.Packet;

/// A UDP socket on one link. Never blocks. Confined to one thread.
///
/// Received packets carry link, remote and local address, and when they arrived; packets to send carry the remote
/// address and, if they
/// must leave from a certain one, the local address.
public interface PathSocket extends AutoCloseable {

    /// The result of [#flush] that says all is well.
    int NO_ERROR = 0;

    /// The link this socket belongs to.
    int link();

    /// The descriptor to wait on.
    int fd();

    /// The UDP port it is bound to.
    int localPort();

    /// Hands at most `limit` waiting datagrams to `handler`.
    ///
    /// @return how many were taken from the kernel, dropped ones included
    int receive(PacketHandler handler, long nowNs, int limit);

    /// Queues a datagram for [#flush], which it may call if the queue is full. Takes ownership.
    void send(Packet datagram);

    /// Hands all queued datagrams to the kernel, and drops and counts those it does not take.
    ///
    /// @return [#NO_ERROR], or the last errno since the last call that says that the link is broken
    int flush();

    /// What came, went and was dropped.
    DeviceCounters counters();

    /// Closes the socket; drops what is queued.
    @Override
    void close();
}
