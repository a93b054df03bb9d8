package io.onebox.engine.path;

import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.Packet;
import org.jspecify.annotations.Nullable;

/// Where the path's datagrams go to and come from.
public final class Remote {

    private static final int IPV4_AND_UDP_BYTES = 28;
    private static final int IPV6_AND_UDP_BYTES = 48;

    private int link = Packet.NO_LINK;
    private long high;
    private long low;
    private int port;
    private long localHigh;
    private long localLow;

    /// The local link.
    public int link() {
        return link;
    }

    /// Sets the local link.
    public void link(int link) {
        this.link = link;
    }

    /// Whether there is an address to send to.
    public boolean isKnown() {
        return port != 0;
    }

    /// Bytes of the IP and UDP headers in front of a message to it.
    int headerBytes() {
        return Endpoint.isIpv4(high, low) ? IPV4_AND_UDP_BYTES : IPV6_AND_UDP_BYTES;
    }

    /// The peer's address, or `null`.
    public @Nullable Endpoint endpoint() {
        return isKnown() ? new Endpoint(high, low, port) : null;
    }

    /// Sets the peer's address; the kernel chooses ours.
    public void endpoint(Endpoint endpoint) {
        high = endpoint.high();
        low = endpoint.low();
        port = endpoint.port();
        localHigh = 0;
        localLow = 0;
    }

    /// Whether `datagram` came this way.
    public boolean matches(Packet datagram) {
        return datagram.remoteLow() == low
                && datagram.remoteHigh() == high
                && datagram.remotePort() == port
                && datagram.link() == link
                && datagram.localLow() == localLow
                && datagram.localHigh() == localHigh;
    }

    /// From now on answers the way `datagram` came.
    public void follow(Packet datagram) {
        link = datagram.link();
        high = datagram.remoteHigh();
        low = datagram.remoteLow();
        port = datagram.remotePort();
        localHigh = datagram.localHigh();
        localLow = datagram.localLow();
    }

    /// Addresses `datagram` to the peer.
    public void address(Packet datagram) {
        datagram.link(link);
        datagram.remote(high, low, port);
        datagram.local(localHigh, localLow);
    }
}
