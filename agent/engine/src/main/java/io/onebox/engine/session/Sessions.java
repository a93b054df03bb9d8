package io.onebox.engine.session;

import io.onebox.engine.noise.PublicKey;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.stats.SessionSnapshot;
import java.util.List;

/// All sessions of an agent, and the only door into the engine. A client has one peer and many links,
/// a server one link and many peers; nothing here knows the difference.
///
/// Pure: no clock, no thread, no socket. Time comes in as `nowNs`, nanoseconds since start and never
/// going back; packets go out through [Outbox]. Confined to one thread.
public final class Sessions {

    /// Creates an engine without peers or links.
    ///
    /// @param pool where the engine takes packets for what it sends; must be the pool packets that
    ///     come in were taken from
    public Sessions(EngineConfig config, PacketPool pool, Outbox outbox) {}

    /// Adds a peer, or changes the one with the same public key without dropping its session.
    public void putPeer(PeerConfig peer, long nowNs) {}

    /// Says goodbye to a peer and forgets it.
    public void removePeer(PublicKey peer, long nowNs) {}

    /// Adds a link, or changes the one with the same id. Every peer with endpoints gets a path over it.
    public void putLink(LinkConfig link, long nowNs) {}

    /// Removes a link: carrier, address or interface is gone, or the configuration says so. What was
    /// in flight over it is sent again over the others at once.
    public void removeLink(int link, long nowNs) {}

    /// Changes how a link may be used, here and, by telling the peers, on the way back.
    public void changeLink(int link, LinkSettings settings, long nowNs) {}

    /// Notes that the kernel refused to send by a link (ENETUNREACH, ENODEV, ENETDOWN, …): its paths
    /// become suspect. Call outside [Outbox] methods.
    public void onLinkError(int link, long nowNs) {}

    /// Takes an inner IP packet from the TUN device. Takes ownership. Nothing is sent before [#onTimer].
    public void onTunPacket(Packet packet, long nowNs) {
        packet.release();
    }

    /// Takes a datagram from a socket, with its link and addresses set. Takes ownership.
    public void onDatagram(Packet datagram, long nowNs) {
        datagram.release();
    }

    /// Does what is due, and sends what can be sent. Call after each batch of packets and at the
    /// returned time; earlier calls are harmless.
    ///
    /// @return when to call again, or `Long.MAX_VALUE`
    public long onTimer(long nowNs) {
        return Long.MAX_VALUE;
    }

    /// Says goodbye to every peer, for an orderly stop.
    public void close(long nowNs) {}

    /// Whether the engine can take `packets` more from TUN; if not, leave them in the device.
    public boolean acceptsTunPackets(int packets) {
        return true;
    }

    /// The sessions as they are, in the order the peers were added.
    public List<SessionSnapshot> snapshot(long nowNs) {
        return List.of();
    }
}
