package io.onebox.engine.session;

import io.onebox.engine.noise.HandshakeContext;
import io.onebox.engine.noise.PeerIdentity;
import io.onebox.engine.noise.PublicKey;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.path.IndexTable;
import io.onebox.engine.path.Path;
import io.onebox.engine.stats.SessionCounters;
import io.onebox.engine.wire.ControlFrame.CloseReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The table of all peers and links, and which paths follow from them: every peer with endpoints gets a
/// path over every link.
final class Peers {

    private final Map<PublicKey, Session> sessions = new LinkedHashMap<>();
    private final Map<PublicKey, Elsewhere> elsewhere = new LinkedHashMap<>();
    private final Map<Session, PeerIdentity> identities = new HashMap<>();
    private final List<@Nullable Session> byNumber = new ArrayList<>();
    private final LinkedHashMap<Integer, LinkConfig> links = new LinkedHashMap<>();
    private final SessionCounters unclaimed = new SessionCounters();
    private final HandshakeContext context;
    private final PacketPool pool;
    private final Outbox outbox;
    private final IndexTable indices;
    private final long epoch;

    private List<Session> ordered = List.of();
    private AllowedIps allowedIps = AllowedIps.of(List.of());

    Peers(EngineConfig config, HandshakeContext context, PacketPool pool, Outbox outbox) {
        this.context = context;
        this.pool = pool;
        this.outbox = outbox;
        this.epoch = config.epoch();
        this.indices = new IndexTable(config.random(), config.shard());
    }

    IndexTable indices() {
        return indices;
    }

    /// What happened to packets and datagrams that belong to no session.
    SessionCounters unclaimed() {
        return unclaimed;
    }

    /// All sessions, in the order their peers were added.
    List<Session> sessions() {
        return ordered;
    }

    AllowedIps allowedIps() {
        return allowedIps;
    }

    @Nullable
    Session find(PublicKey peer) {
        return sessions.get(peer);
    }

    /// Where the session of a peer is, if another shard has it.
    @Nullable
    Elsewhere findElsewhere(PublicKey peer) {
        return elsewhere.get(peer);
    }

    void putElsewhere(Elsewhere owner) {
        elsewhere.put(owner.config().publicKey(), owner);
        refresh();
    }

    void removeElsewhere(PublicKey peer) {
        if (elsewhere.remove(peer) != null) {
            refresh();
        }
    }

    @Nullable
    Session byNumber(int number) {
        return byNumber.get(number);
    }

    @Nullable
    PeerIdentity identity(Session session) {
        return identities.get(session);
    }

    void put(PeerConfig config, long nowNs) {
        var identity = new PeerIdentity(context.local(), config.publicKey(), config.presharedKey());
        if (!identity.isUsable()) {
            throw new IllegalArgumentException("the public key of " + config.name() + " is of low order: "
                    + config.publicKey() + "; take the one `pubkey` prints at the peer");
        }
        Session session = sessions.get(config.publicKey());
        if (session == null) {
            session = new Session(freeNumber(), config, epoch, pool, outbox);
            byNumber.set(session.number(), session);
            sessions.put(config.publicKey(), session);
        } else {
            session.config(config, nowNs);
            for (int i = 0; i < session.paths().count(); i++) {
                session.paths().get(i).keys().peer(identity);
            }
        }
        identities.put(session, identity);
        refresh();
        for (LinkConfig link : links.values()) {
            join(session, link, nowNs);
        }
    }

    void remove(PublicKey peer, long nowNs) {
        Session session = sessions.remove(peer);
        if (session != null) {
            session.close(CloseReason.SHUTDOWN, nowNs);
            byNumber.set(session.number(), null);
            PeerIdentity identity = identities.remove(session);
            if (identity != null) {
                identity.erase();
            }
            refresh();
        }
    }

    void putLink(LinkConfig link, long nowNs) {
        links.put(link.id(), link);
        for (Session session : ordered) {
            join(session, link, nowNs);
        }
    }

    void removeLink(int link, long nowNs) {
        links.remove(link);
        forEachPathOver(link, (session, path) -> session.onLinkGone(path, nowNs));
    }

    @Nullable
    LinkConfig link(int link) {
        return links.get(link);
    }

    /// What to do with a path over a link.
    @FunctionalInterface
    interface PathAction {
        void run(Session session, Path path);
    }

    void forEachPathOver(int link, PathAction action) {
        for (Session session : ordered) {
            for (int i = 0; i < session.paths().count(); i++) {
                Path path = session.paths().get(i);
                if (path.remote().link() == link) {
                    action.run(session, path);
                }
            }
        }
    }

    /// Sets where `path` calls: the first endpoint its link can reach, or after some attempts the next.
    void chooseEndpoint(Session session, Path path) {
        LinkConfig link = links.get(path.remote().link());
        if (link == null) {
            return;
        }
        List<Endpoint> reachable = session.config().endpoints().stream()
                .filter(endpoint -> endpoint.isIpv4() ? link.ipv4() : link.ipv6())
                .toList();
        if (reachable.isEmpty()) {
            return;
        }
        Endpoint present = path.remote().endpoint();
        boolean stay =
                present != null && reachable.contains(present) && path.keys().attempts() % 3 != 2;
        if (!stay) {
            int index = present == null ? -1 : reachable.indexOf(present);
            path.remote().endpoint(reachable.get((index + 1) % reachable.size()));
        }
    }

    private void join(Session session, LinkConfig link, long nowNs) {
        if (session.config().endpoints().isEmpty()) {
            return;
        }
        PeerIdentity identity = identities.get(session);
        Path path = session.paths().byId(link.id());
        if (path == null && identity != null) {
            path = session.addPath(link.id(), context, identity, indices);
        }
        if (path == null) {
            return;
        }
        path.remote().link(link.id());
        path.mtu().limit(link.mtuBytes());
        path.use().local(link.settings());
        path.life().onLinkPresent(nowNs);
        path.keys().hurry(nowNs);
        chooseEndpoint(session, path);
        session.onUseChanged(path, nowNs);
    }

    private int freeNumber() {
        int number = byNumber.indexOf(null);
        if (number >= 0) {
            return number;
        }
        byNumber.add(null);
        return byNumber.size() - 1;
    }

    private void refresh() {
        ordered = List.copyOf(sessions.values());
        List<Owner> owners = new ArrayList<>(ordered);
        owners.addAll(elsewhere.values());
        allowedIps = AllowedIps.of(owners);
        for (Session session : ordered) {
            session.incoming().allowedIps(allowedIps);
        }
    }
}
