package io.onebox.engine.session;

import io.onebox.engine.path.Path;

/// A plain WireGuard peer has no HELLO, no probes and no acknowledgements: its path lives while its keys do, and
/// a silence behind what we sent calls for new ones.
///
/// Source of the times: WireGuard whitepaper, sections 6.2 and 6.5.
final class PlainPeer {

    /// Silence after which an idle plain peer gets a keepalive (WireGuard whitepaper, section 6.5).
    private static final long KEEPALIVE_NS = 10_000_000_000L;

    /// Silence of a plain peer behind what we sent, after which its keys are doubted (the same section).
    private static final long PLAIN_SILENCE_NS = 15_000_000_000L;

    private final PathControl control;
    private final MessageSender sender;
    private final Outgoing outgoing;
    private final Inbound inbound;

    PlainPeer(PathControl control, MessageSender sender, Outgoing outgoing, Inbound inbound) {
        this.control = control;
        this.sender = sender;
        this.outgoing = outgoing;
        this.inbound = inbound;
    }

    /// Does what is due on `path`, if its peer is plain. Returns when to call again.
    long tend(Path path, long nowNs) {
        boolean plain = control.isPlain(path);
        path.plain(plain);
        if (!plain || path.keys().sealing(nowNs) == null) {
            return Long.MAX_VALUE;
        }
        path.life().onPlainPeer(nowNs);
        long heardNs = Math.max(path.arrivals().lastNs(), path.keys().lastHandshakeNs());
        if (outgoing.lastDataNs() > heardNs && nowNs - heardNs > PLAIN_SILENCE_NS) {
            path.keys().doubt();
        }
        long keepaliveNs = Math.max(outgoing.lastDataNs(), path.lastKeepaliveNs()) + KEEPALIVE_NS;
        if (inbound.lastNs() + KEEPALIVE_NS > nowNs && keepaliveNs <= nowNs) {
            path.onKeepalive(nowNs);
            sender.sendKeepalive(path, outgoing.fate(), nowNs);
        }
        return nowNs + KEEPALIVE_NS / 4;
    }
}
