package io.onebox.agent.dataplane;

import java.util.Locale;

/// Why a device discarded a packet.
public enum DeviceDrop {
    /// No packet was free to receive the next one into.
    POOL_EMPTY,
    /// The kernel's send buffer or queue was full, EAGAIN, ENOBUFS, ENOMEM; or the ring to another shard.
    QUEUE_FULL,
    /// The kernel has no way to the remote address by this link, or the device is down.
    LINK_BROKEN,
    /// Longer than the interface's MTU: EMSGSIZE.
    TOO_LONG,
    /// Longer than a packet of ours; the rest is lost.
    TRUNCATED,
    /// A firewall, or a closed port at the other end, said no: EPERM, ECONNREFUSED.
    REFUSED,
    /// The engine named a link that has no socket.
    NO_SOCKET,
    /// Refused by the kernel for another reason.
    FAILED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /// The name in counters and metrics.
    public String label() {
        return label;
    }
}
