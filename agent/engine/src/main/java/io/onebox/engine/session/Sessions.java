package io.onebox.engine.session;

import io.onebox.engine.noise.HandshakeContext;
import io.onebox.engine.noise.LocalIdentity;
import io.onebox.engine.noise.PublicKey;
import io.onebox.engine.packet.IpFlyweight;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.Shard;
import io.onebox.engine.stats.DropReason;
import io.onebox.engine.stats.SessionCounters;
import io.onebox.engine.stats.SessionSnapshot;
import io.onebox.engine.wire.ControlFrame.CloseReason;
import io.onebox.engine.wire.HandshakeInitiationFlyweight;
import io.onebox.engine.wire.MessageType;
import io.onebox.engine.wire.TransportFlyweight;
import java.util.List;
import java.util.Map;

/// All sessions of an agent, and the only door into the engine. A client has one peer and many links,
/// a server one link and many peers; nothing here knows the difference.
///
/// Pure: no clock, no thread, no socket. Time comes in as `nowNs`, nanoseconds since start and never
/// going back; packets go out through [Outbox]. Confined to one thread.
public final class Sessions {

    /// Buffers kept free for what arrives and for handshakes when TUN offers more than fits.
    private static final int RESERVE = 256;

    private final Shard shard;
    private final Outbox outbox;
    private final PacketPool pool;
    private final Peers peers;
    private final Handshakes handshakes;
    private final SessionCounters unclaimed;
    private final IpFlyweight ip = new IpFlyweight();
    private final TransportFlyweight header = new TransportFlyweight();

    /// Creates an engine without peers or links.
    ///
    /// @param pool where the engine takes packets for what it sends; must be the pool packets that
    ///     come in were taken from
    public Sessions(EngineConfig config, PacketPool pool, Outbox outbox) {
        var context = new HandshakeContext(new LocalIdentity(config.identity()), config.aead(), config.random());
        this.shard = config.shard();
        this.outbox = outbox;
        this.pool = pool;
        this.peers = new Peers(config, context, pool, outbox);
        this.handshakes = new Handshakes(config, context, pool, outbox, peers);
        this.unclaimed = peers.unclaimed();
    }

    /// Adds a peer, or changes the one with the same public key without dropping its session.
    ///
    /// @throws IllegalArgumentException if the public key is of low order
    public void putPeer(PeerConfig peer, long nowNs) {
        peers.put(peer, nowNs);
    }

    /// Says goodbye to a peer and forgets it.
    public void removePeer(PublicKey peer, long nowNs) {
        peers.remove(peer, nowNs);
    }

    /// Notes a peer whose session another shard has, so that what belongs to it is handed over.
    public void putElsewhere(PeerConfig peer, int owner) {
        peers.putElsewhere(new Elsewhere(owner, peer));
    }

    /// Forgets a peer of another shard.
    public void removeElsewhere(PublicKey peer) {
        peers.removeElsewhere(peer);
    }

    /// Adds a link, or changes the one with the same id. Every peer with endpoints gets a path over it.
    public void putLink(LinkConfig link, long nowNs) {
        peers.putLink(link, nowNs);
    }

    /// Removes a link: carrier, address or interface is gone, or the configuration says so. What was
    /// in flight over it is sent again over the others at once.
    public void removeLink(int link, long nowNs) {
        peers.removeLink(link, nowNs);
    }

    /// Changes how a link may be used, here and, by telling the peers, on the way back.
    public void changeLink(int link, LinkSettings settings, long nowNs) {
        LinkConfig config = peers.link(link);
        if (config != null) {
            peers.putLink(
                    new LinkConfig(link, config.name(), settings, config.ipv4(), config.ipv6(), config.mtuBytes()),
                    nowNs);
        }
    }

    /// Notes that the kernel refused to send by a link (ENETUNREACH, ENODEV, ENETDOWN, …): its paths
    /// become suspect. Call outside [Outbox] methods.
    public void onLinkError(int link, long nowNs) {
        peers.forEachPathOver(link, (session, path) -> session.suspect(path, "the kernel refused to send", nowNs));
    }

    /// Takes an inner IP packet from the TUN device. Takes ownership. Nothing is sent before [#onTimer].
    public void onTunPacket(Packet packet, long nowNs) {
        onTunPacket(packet, false, nowNs);
    }

    private void onTunPacket(Packet packet, boolean isHandedOver, long nowNs) {
        if (!ip.wrap(packet.segment(), packet.offset(), packet.length())) {
            drop(packet, DropReason.MALFORMED);
            return;
        }
        if (packet.length() > Session.MAX_INNER_BYTES) {
            drop(packet, DropReason.TOO_LARGE);
            return;
        }
        Owner owner = peers.allowedIps().find(ip.destinationHigh(), ip.destinationLow());
        if (owner instanceof Session session) {
            session.onTunPacket(packet, ip, nowNs);
        } else if (owner instanceof Elsewhere other && !isHandedOver) {
            outbox.handOver(other.shard(), true, packet);
        } else {
            drop(packet, DropReason.NO_PEER);
        }
    }

    /// Takes what another shard handed over with [Outbox#handOver]. Takes ownership. What belongs here no more
    /// is dropped, lest it goes round.
    public void onHandedOver(boolean isInner, Packet packet, long nowNs) {
        if (isInner) {
            onTunPacket(packet, true, nowNs);
        } else if (isInitiation(packet) && !shard.isDoor()) {
            var _ = handshakes.onWelcome(packet, nowNs);
            packet.release();
        } else {
            onDatagram(packet, nowNs);
        }
    }

    /// Takes a datagram from a socket, with its link and addresses set, and with the time it arrived if that is known
    /// better than by `nowNs`. Takes ownership.
    public void onDatagram(Packet datagram, long nowNs) {
        switch (MessageType.of(datagram.segment(), datagram.offset(), datagram.length())) {
            case MessageType.TRANSPORT -> onTransport(datagram, nowNs);
            case MessageType.INITIATION ->
                settle(shard.isDoor() ? handshakes.onInitiation(datagram, nowNs) : Shard.DOOR, datagram);
            case MessageType.RESPONSE -> settle(handshakes.onResponse(datagram, nowNs), datagram);
            case MessageType.COOKIE_REPLY -> settle(handshakes.onCookieReply(datagram, nowNs), datagram);
            default -> drop(datagram, DropReason.MALFORMED);
        }
    }

    /// Does what is due, and sends what can be sent. Call after each batch of packets and at the
    /// returned time; earlier calls are harmless.
    ///
    /// @return when to call again, or `Long.MAX_VALUE`
    public long onTimer(long nowNs) {
        long nextNs = Long.MAX_VALUE;
        List<Session> sessions = peers.sessions();
        for (int i = 0; i < sessions.size(); i++) {
            Session session = sessions.get(i);
            if (session.dueNs() <= nowNs) {
                long handshakeNs = handshakes.onTimer(session, nowNs);
                session.onTimer(handshakeNs, nowNs);
            }
            nextNs = Math.min(nextNs, session.dueNs());
        }
        return nextNs;
    }

    /// Says goodbye to every peer, for an orderly stop. Nothing may be called afterwards.
    public void close(long nowNs) {
        for (Session session : peers.sessions()) {
            session.close(CloseReason.SHUTDOWN, nowNs);
        }
    }

    /// Whether the engine can take `packets` more from TUN; if not, leave them in the device.
    public boolean acceptsTunPackets(int packets) {
        return pool.available() >= 2 * packets + RESERVE;
    }

    /// The sessions as they are, in the order the peers were added.
    public List<SessionSnapshot> snapshot(long nowNs) {
        return peers.sessions().stream()
                .map(session -> Snapshots.of(session, nowNs))
                .toList();
    }

    /// The sessions themselves, in the order the peers were added.
    List<Session> all() {
        return peers.sessions();
    }

    /// Packets and datagrams discarded before they belonged to a session, by `DropReason` in lower case.
    public Map<String, Long> unclaimedDrops() {
        return unclaimed.dropped();
    }

    private void onTransport(Packet datagram, long nowNs) {
        if (datagram.length() < TransportFlyweight.HEADER_LENGTH) {
            drop(datagram, DropReason.MALFORMED);
            return;
        }
        int index = header.wrap(datagram.segment(), datagram.offset()).receiverIndex();
        Path path = peers.indices().get(index);
        Session session = path == null ? null : peers.byNumber(path.session());
        if (path == null || session == null) {
            onStranger(index, datagram);
            return;
        }
        session.onTransport(path, datagram, nowNs);
    }

    /// A message whose index nobody has here.
    private void onStranger(int index, Packet datagram) {
        if (shard.owns(index)) {
            drop(datagram, DropReason.NOT_AUTHENTIC);
        } else {
            outbox.handOver(shard.ownerOf(index), false, datagram);
        }
    }

    /// Hands over a handshake message that another shard must go on with; one of our own is done with.
    private void settle(int owner, Packet datagram) {
        if (owner == shard.number()) {
            datagram.release();
        } else {
            outbox.handOver(owner, false, datagram);
        }
    }

    private static boolean isInitiation(Packet datagram) {
        return MessageType.of(datagram.segment(), datagram.offset(), datagram.length()) == MessageType.INITIATION
                && datagram.length() == HandshakeInitiationFlyweight.LENGTH;
    }

    private void drop(Packet packet, DropReason reason) {
        unclaimed.onDropped(reason);
        packet.release();
    }
}
