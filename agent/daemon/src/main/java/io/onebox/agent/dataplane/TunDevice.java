package io.onebox.agent.dataplane;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;

/// The device inner IP packets come from and go to. Never blocks. Confined to one thread.
///
/// A device may take several packets out of one read (TSO) and put several into one write, so packets that were
/// sent are in the kernel's hands only after [#flush].
public interface TunDevice extends AutoCloseable {

    /// Packets a single read can bring beyond the limit of [#receive]: 64 KiB in segments of 536 bytes is
    /// more than any TCP sends in one.
    int LARGEST_READ_PACKETS = 128;

    /// The interface's name.
    String name();

    /// The descriptor to wait on.
    int fd();

    /// The kernel's number of the interface.
    int interfaceIndex();

    /// Sets the largest packet the interface takes.
    void mtu(int mtuBytes);

    /// Hands the packets that wait to `handler`, content at [Packet#HEADROOM], until none waits, `limit`
    /// are reached or the pool is empty. May exceed `limit` by [#LARGEST_READ_PACKETS].
    ///
    /// @return how many
    int receive(PacketPool pool, PacketHandler handler, long nowNs, int limit);

    /// Hands `packet` to the kernel, at the latest with the next [#flush]. Takes ownership.
    void send(Packet packet);

    /// Hands everything sent to the kernel.
    void flush();

    /// What came, went and was dropped.
    DeviceCounters counters();

    /// Gives the device back to the kernel, which removes it.
    @Override
    void close();
}
