package io.onebox.engine.session;

import io.onebox.engine.noise.CookieChecker;
import io.onebox.engine.noise.HandshakeContext;
import io.onebox.engine.noise.HandshakeLimit;
import io.onebox.engine.noise.PeerIdentity;
import io.onebox.engine.noise.ReceivedInitiation;
import io.onebox.engine.noise.Tai64n;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.path.IndexTable;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.PathState;
import io.onebox.engine.path.Shard;
import io.onebox.engine.stats.DropReason;
import io.onebox.engine.stats.SessionCounters;
import io.onebox.engine.wire.CookieReplyFlyweight;
import io.onebox.engine.wire.HandshakeInitiationFlyweight;
import io.onebox.engine.wire.HandshakeResponseFlyweight;
import org.jspecify.annotations.Nullable;

/// Handshake messages in and out. Nothing is answered that does not prove to know our public key, and
/// under load nothing that does not prove its address.
///
/// Source: WireGuard whitepaper, sections 5.3 and 5.4.
final class Handshakes {

    private final HandshakeContext context;
    private final PacketPool pool;
    private final Outbox outbox;
    private final Peers peers;
    private final IndexTable indices;
    private final CookieChecker cookies;
    private final HandshakeLimit limit = new HandshakeLimit();
    private final SessionCounters counters;
    private final long wallClockAtZeroNs;
    private final Shard shard;

    Handshakes(EngineConfig config, HandshakeContext context, PacketPool pool, Outbox outbox, Peers peers) {
        this.context = context;
        this.pool = pool;
        this.outbox = outbox;
        this.peers = peers;
        this.indices = peers.indices();
        this.counters = peers.unclaimed();
        this.cookies = new CookieChecker(context.local().publicKey(), config.random());
        this.wallClockAtZeroNs = config.wallClockAtZeroNs();
        this.shard = config.shard();
    }

    /// Starts the handshakes of `session` that are due. Returns when to call again.
    long onTimer(Session session, long nowNs) {
        if (session.config().endpoints().isEmpty()) {
            return Long.MAX_VALUE;
        }
        long nextNs = Long.MAX_VALUE;
        for (int i = 0; i < session.paths().count(); i++) {
            Path path = session.paths().get(i);
            if (!path.life().isLinkPresent() || path.state() == PathState.CLOSED) {
                continue;
            }
            long dueNs = dueNs(path, nowNs);
            if (dueNs <= nowNs) {
                initiate(session, path, nowNs);
                dueNs = dueNs(path, nowNs);
            }
            nextNs = Math.min(nextNs, Math.max(dueNs, nowNs + 1));
        }
        return nextNs;
    }

    /// Takes an initiation at the door. The packet stays with the caller.
    ///
    /// @return the shard to hand it over to, or our own if there is nothing more to do
    int onInitiation(Packet datagram, long nowNs) {
        if (datagram.length() != HandshakeInitiationFlyweight.LENGTH) {
            counters.onDropped(DropReason.MALFORMED);
            return shard.number();
        }
        return isWelcome(datagram, nowNs) ? onWelcome(datagram, nowNs) : shard.number();
    }

    /// Takes an initiation that is welcome. The packet stays with the caller.
    ///
    /// @return as [#onInitiation]
    int onWelcome(Packet datagram, long nowNs) {
        ReceivedInitiation initiation = ReceivedInitiation.open(context, datagram);
        if (initiation == null) {
            counters.onDropped(DropReason.NOT_AUTHENTIC);
            return shard.number();
        }
        try (initiation) {
            Elsewhere owner = peers.findElsewhere(initiation.peer());
            if (owner != null && shard.isDoor()) {
                return owner.shard();
            }
            accept(initiation, datagram, nowNs);
            return shard.number();
        }
    }

    /// Takes a response. The packet stays with the caller.
    ///
    /// @return as [#onInitiation]
    int onResponse(Packet datagram, long nowNs) {
        if (datagram.length() != HandshakeResponseFlyweight.LENGTH) {
            counters.onDropped(DropReason.MALFORMED);
            return shard.number();
        }
        int index = new HandshakeResponseFlyweight()
                .wrap(datagram.segment(), datagram.offset())
                .receiverIndex();
        if (shard.owns(index) && isWelcome(datagram, nowNs)) {
            onResponse(index, datagram, nowNs);
        }
        return shard.ownerOf(index);
    }

    private void onResponse(int index, Packet datagram, long nowNs) {
        Path path = indices.get(index);
        Session session = path == null ? null : peers.byNumber(path.session());
        if (path == null || session == null || !path.keys().onResponse(datagram, nowNs)) {
            counters.onDropped(DropReason.NOT_AUTHENTIC);
            return;
        }
        path.onHandshakeReceived(datagram.length());
        session.onNewKeys(path, nowNs);
    }

    /// Takes a cookie. The packet stays with the caller.
    ///
    /// @return as [#onInitiation]
    int onCookieReply(Packet datagram, long nowNs) {
        if (datagram.length() != CookieReplyFlyweight.LENGTH) {
            counters.onDropped(DropReason.MALFORMED);
            return shard.number();
        }
        int index = new CookieReplyFlyweight()
                .wrap(datagram.segment(), datagram.offset())
                .receiverIndex();
        Path path = indices.get(index);
        if (path != null) {
            path.keys().onCookieReply(datagram, nowNs);
        } else if (shard.owns(index)) {
            counters.onDropped(DropReason.NOT_AUTHENTIC);
        }
        return shard.ownerOf(index);
    }

    private static long dueNs(Path path, long nowNs) {
        long wantedNs = path.state() == PathState.DOWN ? nowNs : path.keys().rekeyDueNs(nowNs);
        return Math.max(wantedNs, path.keys().nextInitiationNs());
    }

    private void initiate(Session session, Path path, long nowNs) {
        Packet datagram = pool.acquire();
        if (datagram == null) {
            counters.onDropped(DropReason.NO_BUFFER);
            return;
        }
        peers.chooseEndpoint(session, path);
        Tai64n timestamp = Tai64n.at(wallClockAtZeroNs + nowNs, path.id());
        path.keys().initiate(timestamp, datagram, nowNs);
        if (path.remote().isKnown()) {
            session.sender().sendHandshake(path, datagram);
        } else {
            datagram.release();
        }
    }

    private void accept(ReceivedInitiation initiation, Packet datagram, long nowNs) {
        Session session = peers.find(initiation.peer());
        PeerIdentity identity = session == null ? null : peers.identity(session);
        if (session == null || identity == null || !initiation.authenticate(identity)) {
            counters.onDropped(DropReason.NOT_AUTHENTIC);
            return;
        }
        int id = Math.max(initiation.timestamp().pathId(), 0);
        if (!session.timestamps().accept(id, initiation.timestamp())) {
            counters.onDropped(DropReason.REPLAYED);
            return;
        }
        Path path = pathFor(session, identity, id);
        Packet response = path == null ? null : pool.acquire();
        if (path == null || response == null) {
            counters.onDropped(DropReason.LIMITED);
            return;
        }
        path.remote().follow(datagram);
        path.life().onLinkPresent(nowNs);
        path.onHandshakeReceived(datagram.length());
        path.keys().respond(initiation, response, nowNs);
        session.sender().sendHandshake(path, response);
        session.touch();
    }

    private @Nullable Path pathFor(Session session, PeerIdentity identity, int id) {
        Path path = session.paths().byId(id);
        if (path != null) {
            return path;
        }
        Path added = session.addPath(id, context, identity, indices);
        return added != null || !session.dropSilentPath() ? added : session.addPath(id, context, identity, indices);
    }

    /// Whether a handshake message may cost us a Diffie-Hellman. If not, and it might be honest, its sender
    /// is told how to prove its address.
    private boolean isWelcome(Packet datagram, long nowNs) {
        if (!cookies.hasValidMac1(datagram)) {
            counters.onDropped(DropReason.NOT_AUTHENTIC);
            return false;
        }
        limit.onHandshake(nowNs);
        if (!limit.underLoad(nowNs)) {
            return true;
        }
        if (!cookies.hasValidMac2(datagram, nowNs)) {
            sendCookie(datagram, nowNs);
            counters.onDropped(DropReason.LIMITED);
            return false;
        }
        if (!limit.allows(datagram.remoteHigh(), datagram.remoteLow(), nowNs)) {
            counters.onDropped(DropReason.LIMITED);
            return false;
        }
        return true;
    }

    private void sendCookie(Packet datagram, long nowNs) {
        Packet reply = pool.acquire();
        if (reply == null) {
            return;
        }
        cookies.writeReply(datagram, reply, nowNs);
        reply.link(datagram.link());
        reply.remote(datagram.remoteHigh(), datagram.remoteLow(), datagram.remotePort());
        reply.local(datagram.localHigh(), datagram.localLow());
        outbox.transmit(reply);
    }
}
