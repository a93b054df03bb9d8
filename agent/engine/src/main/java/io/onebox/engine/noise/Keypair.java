package io.onebox.engine.noise;

/// The transport keys of one handshake: one to seal with, one to open with, and what goes with them.
/// Confined to one thread.
///
/// Source: WireGuard whitepaper, sections 5.4.5 and 5.4.6.
public final class Keypair implements AutoCloseable {

    /// After this many messages the initiator asks for new keys (whitepaper, section 6.1).
    public static final long REKEY_AFTER_MESSAGES = 1L << 60;

    /// After this many messages nothing is sent or accepted. The whitepaper says 2^64 - 2^13 - 1; the
    /// sign bit makes no difference to anybody and comparisons easier.
    public static final long REJECT_AFTER_MESSAGES = Long.MAX_VALUE - (1 << 13);

    private final HandshakeIndices indices;
    private final long createdNs;
    private final Aead sealing;
    private final Aead opening;
    private final ReplayWindow replayWindow = new ReplayWindow();
    private long counter;

    Keypair(HandshakeIndices indices, long createdNs, Aead sealing, Aead opening) {
        this.indices = indices;
        this.createdNs = createdNs;
        this.sealing = sealing;
        this.opening = opening;
    }

    /// What the peer puts into datagrams to us.
    public int localIndex() {
        return indices.local();
    }

    /// What we put into datagrams to the peer.
    public int remoteIndex() {
        return indices.remote();
    }

    /// Whether we began the handshake.
    public boolean isInitiator() {
        return indices.initiator();
    }

    public long createdNs() {
        return createdNs;
    }

    /// The counter for a message to seal. Each value is returned once.
    public long nextCounter() {
        assert counter < REJECT_AFTER_MESSAGES : counter;
        return counter++;
    }

    /// The counter of the next message: how many have been sealed.
    public long counter() {
        return counter;
    }

    public Aead sealing() {
        return sealing;
    }

    public Aead opening() {
        return opening;
    }

    public ReplayWindow replayWindow() {
        return replayWindow;
    }

    /// Erases the keys.
    @Override
    public void close() {
        sealing.close();
        opening.close();
    }
}
