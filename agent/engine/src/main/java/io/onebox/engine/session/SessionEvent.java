package io.onebox.engine.session;

import io.onebox.engine.noise.PublicKey;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.path.PathState;

/// What happened to a session, for logs, events and people.
public sealed interface SessionEvent {

    /// The session concerned.
    PublicKey peer();

    /// A path changed its state.
    ///
    /// @param link the local link, see `LinkConfig`
    /// @param reason a few words for people
    record PathChanged(PublicKey peer, int pathId, int link, PathState from, PathState to, String reason)
            implements SessionEvent {}

    /// A handshake made new keys for a path.
    record HandshakeCompleted(PublicKey peer, int pathId, int link) implements SessionEvent {}

    /// An authenticated packet came from a new address.
    record Roamed(PublicKey peer, int pathId, Endpoint from, Endpoint to) implements SessionEvent {}

    /// The peer began a new life; order and repair start afresh.
    record PeerRestarted(PublicKey peer) implements SessionEvent {}

    /// The peer said goodbye.
    record PeerClosed(PublicKey peer) implements SessionEvent {}

    /// The largest inner packet that fits all paths changed.
    ///
    /// @param mtuBytes the new TUN MTU
    record MtuChanged(PublicKey peer, int mtuBytes) implements SessionEvent {}
}
