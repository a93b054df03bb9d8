package io.onebox.engine.session;

import io.onebox.engine.noise.HandshakeContext;
import io.onebox.engine.noise.Keypair;
import io.onebox.engine.noise.PeerIdentity;
import io.onebox.engine.packet.IpFlyweight;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.packet.SegmentFlyweight;
import io.onebox.engine.path.IndexTable;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.PathState;
import io.onebox.engine.path.Paths;
import io.onebox.engine.path.Remote;
import io.onebox.engine.session.SessionEvent.HandshakeCompleted;
import io.onebox.engine.session.SessionEvent.MtuChanged;
import io.onebox.engine.session.SessionEvent.PathChanged;
import io.onebox.engine.session.SessionEvent.PeerClosed;
import io.onebox.engine.session.SessionEvent.PeerRestarted;
import io.onebox.engine.session.SessionEvent.Roamed;
import io.onebox.engine.stats.DropReason;
import io.onebox.engine.stats.SessionCounters;
import io.onebox.engine.wire.ControlFrame.Close;
import io.onebox.engine.wire.ControlFrame.CloseReason;
import io.onebox.engine.wire.ControlFrame.Hello;
import io.onebox.engine.wire.DataFlyweight;
import io.onebox.engine.wire.TransportFlyweight;
import org.jspecify.annotations.Nullable;

/// The association with one peer, over all its paths. The stations of a packet, in their order:
///
/// ```
///   outbound   Outgoing:  classify --> queue --> schedule --> number --> seal
///   inbound    onTransport:  open --> replay --> frames --> Incoming:  duplicate --> reorder
/// ```
///
/// Confined to one thread.
final class Session implements Owner {

    /// What a datagram carries beside an inner packet: IPv6 and UDP, transport header, DATA header, tag.
    static final int OVERHEAD_BYTES = 40 + 8 + TransportFlyweight.HEADER_LENGTH + DataFlyweight.LENGTH + 16;

    /// Largest inner packet that can be sealed in a buffer, whatever the MTU of the TUN device was set to.
    static final int MAX_INNER_BYTES = Packet.CAPACITY - Packet.HEADROOM - OVERHEAD_BYTES;

    /// A session with an inner packet this recently is active.
    private static final long ACTIVE_NS = 1_000_000_000;

    private final int number;
    private final Paths paths = new Paths();
    private final SessionCounters counters = new SessionCounters();
    private final PeerLife peer = new PeerLife();
    private final Timestamps timestamps = new Timestamps();
    private final Outbox outbox;
    private final MessageSender sender;
    private final Oversize oversize;
    private final Outgoing outgoing;
    private final Incoming incoming;
    private final PathControl control;
    private final Inbound inbound;
    private final PlainPeer plain;
    private final TransportFlyweight transport = new TransportFlyweight();
    private final SegmentFlyweight segment = new SegmentFlyweight();
    private final @Nullable PathState[] reported = new PathState[256];

    private PeerConfig config;
    private long sinceNs = -1;
    private long dueNs;

    /// @param number where its owner finds it
    /// @param epoch of our life
    Session(int number, PeerConfig config, long epoch, PacketPool pool, Outbox outbox) {
        this.number = number;
        this.config = config;
        this.outbox = outbox;
        this.sender = new MessageSender(pool, outbox, counters);
        this.oversize = new Oversize(sender, counters, outbox);
        this.outgoing = new Outgoing(paths, sender, counters, oversize);
        this.incoming = new Incoming(this, paths, counters, outbox);
        this.control = new PathControl(paths, sender, outgoing, peer, epoch);
        this.inbound = new Inbound(this, paths, control, counters);
        this.plain = new PlainPeer(control, sender, outgoing, inbound);
    }

    @Override
    public PeerConfig config() {
        return config;
    }

    void config(PeerConfig config, long nowNs) {
        this.config = config;
        for (int i = 0; i < paths.count(); i++) {
            paths.get(i).use().mode(config.mode());
            onUseChanged(paths.get(i), nowNs);
        }
    }

    int number() {
        return number;
    }

    Paths paths() {
        return paths;
    }

    SessionCounters counters() {
        return counters;
    }

    Outgoing outgoing() {
        return outgoing;
    }

    Incoming incoming() {
        return incoming;
    }

    MessageSender sender() {
        return sender;
    }

    /// Which handshakes of the peer are new.
    Timestamps timestamps() {
        return timestamps;
    }

    /// Largest inner packet that fits every path in use, or 0 while none was measured.
    int mtuBytes() {
        return oversize.mtuBytes();
    }

    /// Removes a path that is down, to make room.
    ///
    /// @return whether there was one
    boolean dropSilentPath() {
        for (int i = 0; i < paths.count(); i++) {
            Path path = paths.get(i);
            if (path.state() == PathState.DOWN || path.state() == PathState.VALIDATING) {
                path.close(outgoing.fate());
                paths.remove(path);
                outgoing.onPathsChanged();
                return true;
            }
        }
        return false;
    }

    /// When it was last established, or -1.
    long sinceNs() {
        return sinceNs;
    }

    /// When [#onTimer] is due.
    long dueNs() {
        return dueNs;
    }

    /// Lets [#onTimer] run after this batch.
    void touch() {
        dueNs = 0;
    }

    /// Makes a path without keys, or returns `null` if there are too many.
    @Nullable
    Path addPath(int id, HandshakeContext context, PeerIdentity identity, IndexTable indices) {
        var path = new Path(id, number, context, identity, indices);
        if (!paths.add(path)) {
            return null;
        }
        path.use().mode(config.mode());
        reported[id] = path.state();
        touch();
        return path;
    }

    /// Takes an inner packet from TUN, which the window is over.
    void onTunPacket(Packet packet, IpFlyweight ip, long nowNs) {
        if (!peer.finishesChecksums()) {
            segment.finishChecksum(packet);
        }
        outgoing.onTunPacket(packet, ip, nowNs);
        touch();
    }

    /// The handshake of a path is complete at our end.
    void onNewKeys(Path path, long nowNs) {
        outbox.report(new HandshakeCompleted(
                config.publicKey(), path.id(), path.remote().link()));
        if (sinceNs < 0) {
            sinceNs = nowNs;
        }
        control.onNewKeys(path, nowNs);
        touch();
    }

    /// Takes a transport message for `path`. Takes ownership. Nothing changes before it is authentic.
    void onTransport(Path path, Packet datagram, long nowNs) {
        touch();
        if (datagram.length() < TransportFlyweight.HEADER_LENGTH + 16) {
            drop(datagram, DropReason.MALFORMED);
            return;
        }
        transport.wrap(datagram.segment(), datagram.offset());
        int index = transport.receiverIndex();
        long counter = transport.counter();
        Keypair keypair = path.keys().opening(index, nowNs);
        if (keypair == null) {
            drop(datagram, DropReason.NOT_AUTHENTIC);
            return;
        }
        if (!keypair.replayWindow().wouldAccept(counter)) {
            drop(datagram, DropReason.REPLAYED);
            return;
        }
        int length = datagram.length();
        int at = datagram.offset() + TransportFlyweight.HEADER_LENGTH;
        int sealed = length - TransportFlyweight.HEADER_LENGTH;
        if (!keypair.opening().open(counter, datagram.segment(), at, sealed, datagram.segment(), at)) {
            drop(datagram, DropReason.NOT_AUTHENTIC);
            return;
        }
        keypair.replayWindow().accept(counter);
        datagram.content(at, sealed - 16);
        path.onAuthentic(index, counter, length, nowNs);
        follow(path, datagram);
        if (path.keys().onAuthenticated(keypair, nowNs)) {
            onNewKeys(path, nowNs);
        }
        inbound.onMessage(path, datagram, length, nowNs);
    }

    /// Sends and gives up what is due, and notes when that is next.
    ///
    /// @param othersNs when somebody else wants to be called for this session
    void onTimer(long othersNs, long nowNs) {
        boolean active = isActive(nowNs);
        long nextNs = Math.min(othersNs, incoming.release(nowNs));
        if (oversize.follow(paths)) {
            outbox.report(new MtuChanged(config.publicKey(), oversize.mtuBytes()));
        }
        for (int i = 0; i < paths.count(); i++) {
            Path path = paths.get(i);
            long overdueNs = path.life().overdueNs(path.inFlight().oldestSentNs());
            if (overdueNs > nowNs) {
                nextNs = Math.min(nextNs, overdueNs);
            } else if (!path.askForFew(outgoing.fate(), nowNs)) {
                giveUpInFlight(path, nowNs);
            }
            nextNs = Math.min(nextNs, path.keys().eraseOld(nowNs));
            nextNs = Math.min(nextNs, plain.tend(path, nowNs));
            report(path);
        }
        nextNs = Math.min(nextNs, control.sendAcks(nowNs));
        nextNs = Math.min(nextNs, outgoing.pump(nowNs));
        dueNs = Math.min(nextNs, control.onTimer(active, nowNs));
    }

    /// Acknowledgements are overdue: the path is in doubt, or was before, and everything in flight on it
    /// goes another way.
    private void giveUpInFlight(Path path, long nowNs) {
        suspect(path, "acknowledgements overdue", nowNs);
        path.loseInFlight(outgoing.fate());
    }

    /// The path is in doubt: everything in flight on it goes another way.
    void suspect(Path path, String why, long nowNs) {
        if (path.life().suspect(why, nowNs)) {
            forgiveOthers(path, nowNs);
            path.loseInFlight(outgoing.fate());
            outgoing.onPathsChanged();
            touch();
        }
    }

    private void forgiveOthers(Path doubtful, long nowNs) {
        for (int i = 0; i < paths.count(); i++) {
            if (paths.get(i) != doubtful) {
                paths.get(i).life().forgive(nowNs);
            }
        }
    }

    /// The link of a path is gone.
    void onLinkGone(Path path, long nowNs) {
        path.life().onLinkGone(nowNs);
        forgiveOthers(path, nowNs);
        path.mtu().onPathChanged();
        path.keys().abandonInitiation();
        path.loseInFlight(outgoing.fate());
        outgoing.onPathsChanged();
        touch();
    }

    /// How a path may be used has changed at our end.
    void onUseChanged(Path path, long nowNs) {
        control.onUseChanged(path, nowNs);
        outgoing.onPathsChanged();
        touch();
    }

    /// Says goodbye and gives up everything.
    void close(CloseReason reason, long nowNs) {
        for (int i = 0; i < paths.count(); i++) {
            sender.send(paths.get(i), new Close(true, reason), Path.UNRELIABLE, outgoing.fate(), nowNs);
        }
        for (int i = 0; i < paths.count(); i++) {
            Path path = paths.get(i);
            path.close(outgoing.fate());
            path.life().close("session closed");
            report(path);
        }
        outgoing.close();
        incoming.restart();
    }

    /// The peer introduces itself.
    void onHello(Path path, Hello hello, long nowNs) {
        boolean wasKnown = peer.isKnown();
        if (peer.onHello(hello)) {
            incoming.restart();
            for (int i = 0; i < paths.count(); i++) {
                paths.get(i).onPeerRestarted();
            }
            outgoing.plainPeer(false);
            sinceNs = nowNs;
            if (wasKnown) {
                outbox.report(new PeerRestarted(config.publicKey()));
            }
        }
        control.onHello(path, hello, nowNs);
    }

    /// The peer says goodbye.
    void onClose(Path path, Close close, long nowNs) {
        outbox.report(new PeerClosed(config.publicKey()));
        for (int i = 0; i < paths.count(); i++) {
            Path closed = paths.get(i);
            if (close.wholeSession() || closed == path) {
                suspect(closed, "closed by the peer", nowNs);
                closed.loseInFlight(outgoing.fate());
                closed.keys().clear();
                closed.keys().expectReturn(2 * closed.rtt().timeoutNs(), nowNs);
            }
        }
        if (close.wholeSession()) {
            peer.forget();
            sinceNs = -1;
        }
        outgoing.onPathsChanged();
    }

    /// Whether the session carries data.
    boolean isActive(long nowNs) {
        return nowNs - Math.max(outgoing.lastDataNs(), inbound.lastNs()) < ACTIVE_NS;
    }

    private void follow(Path path, Packet datagram) {
        Remote remote = path.remote();
        if (!remote.matches(datagram) && datagram.link() == remote.link()) {
            var before = remote.endpoint();
            remote.follow(datagram);
            var after = remote.endpoint();
            if (before != null && after != null && !before.equals(after)) {
                path.mtu().onPathChanged();
                outbox.report(new Roamed(config.publicKey(), path.id(), before, after));
            }
        }
    }

    private void report(Path path) {
        PathState before = reported[path.id()];
        PathState now = path.state();
        if (before != null && before != now) {
            reported[path.id()] = now;
            outgoing.onPathsChanged();
            if (now == PathState.USABLE && before == PathState.DOWN) {
                path.rate().restart();
            }
            outbox.report(new PathChanged(
                    config.publicKey(),
                    path.id(),
                    path.remote().link(),
                    before,
                    now,
                    path.life().reason()));
        }
    }

    private void drop(Packet packet, DropReason reason) {
        counters.onDropped(reason);
        packet.release();
    }
}
