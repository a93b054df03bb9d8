package io.onebox.engine.session;

/// Who inner addresses belong to: a session here, or one of another shard.
sealed interface Owner permits Session, Elsewhere {

    /// The peer whose addresses they are.
    PeerConfig config();
}
