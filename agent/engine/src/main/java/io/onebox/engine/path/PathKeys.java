package io.onebox.engine.path;

import io.onebox.engine.noise.CookieJar;
import io.onebox.engine.noise.HandshakeContext;
import io.onebox.engine.noise.HandshakeInitiation;
import io.onebox.engine.noise.Keypair;
import io.onebox.engine.noise.Keypairs;
import io.onebox.engine.noise.PeerIdentity;
import io.onebox.engine.noise.ReceivedInitiation;
import io.onebox.engine.noise.Tai64n;
import io.onebox.engine.packet.Packet;
import org.jspecify.annotations.Nullable;

/// The keys of one path, and when to make new ones.
///
/// Source of the times: WireGuard whitepaper, section 6.1, unless said.
public final class PathKeys {

    /// After this the initiator makes new keys.
    static final long REKEY_AFTER_NS = 120_000_000_000L;

    /// After this keys are no longer used.
    static final long REJECT_AFTER_NS = 180_000_000_000L;

    /// After this nothing of a keypair is left in memory: three times [#REJECT_AFTER_NS].
    private static final long ERASE_AFTER_NS = 540_000_000_000L;

    /// Between two initiations, once the first ones went unanswered.
    private static final long REKEY_TIMEOUT_NS = 5_000_000_000L;

    /// Between the first initiations: a lost datagram shall not cost five seconds. Any responder that
    /// allows 50 a second, as stock ones do, is not troubled. A guess.
    private static final long FIRST_TIMEOUT_NS = 500_000_000;

    private static final int FIRST_ATTEMPTS = 4;

    /// Between initiations to a peer that said goodbye, at least: it may be an upgrade, and back in a second.
    private static final long RETURN_TIMEOUT_NS = 200_000_000;

    /// How long a peer is expected back; an agent starts in 1.5 s, twice that on a busy machine. A guess.
    private static final long RETURN_PATIENCE_NS = 10_000_000_000L;

    private final HandshakeContext context;
    private final IndexTable indices;
    private final Path path;
    private final Keypairs keypairs = new Keypairs();
    private final CookieJar cookies;
    private final Keypairs.Evicted onEvicted = this::onEvicted;
    private PeerIdentity peer;
    private @Nullable HandshakeInitiation pending;
    private @Nullable Tai64n lastTimestamp;
    private long nextInitiationNs;
    private int attempts;
    private int hurriedAttempts;
    private long returnTimeoutNs;
    private long returnUntilNs = -1;
    private boolean inDoubt;
    private long lastHandshakeNs = -1;

    PathKeys(HandshakeContext context, PeerIdentity peer, IndexTable indices, Path path) {
        this.context = context;
        this.peer = peer;
        this.indices = indices;
        this.path = path;
        this.cookies = new CookieJar(peer.publicKey());
    }

    /// The keypair to seal with, or `null` if there is none that may be used.
    public @Nullable Keypair sealing(long nowNs) {
        Keypair current = keypairs.current();
        return current != null
                        && nowNs - current.createdNs() < REJECT_AFTER_NS
                        && current.counter() < Keypair.REJECT_AFTER_MESSAGES
                ? current
                : null;
    }

    /// The keypair whose messages carry `index`, or `null`.
    public @Nullable Keypair opening(int index, long nowNs) {
        Keypair keypair = match(keypairs.current(), index);
        keypair = keypair == null ? match(keypairs.next(), index) : keypair;
        keypair = keypair == null ? match(keypairs.previous(), index) : keypair;
        return keypair != null && nowNs - keypair.createdNs() < REJECT_AFTER_NS ? keypair : null;
    }

    /// Notes that a message was opened with `keypair`.
    ///
    /// @return whether this confirmed new keys
    public boolean onAuthenticated(Keypair keypair, long nowNs) {
        boolean confirmed = keypairs.onAuthenticated(keypair, onEvicted);
        if (confirmed) {
            lastHandshakeNs = nowNs;
        }
        return confirmed;
    }

    /// When the next initiation may be sent.
    public long nextInitiationNs() {
        return nextInitiationNs;
    }

    /// Initiations without an answer.
    public int attempts() {
        return attempts;
    }

    /// When keys were last made, or -1.
    public long lastHandshakeNs() {
        return lastHandshakeNs;
    }

    /// When we, as their initiator, have to replace the keys we have; now, if there are none.
    public long rekeyDueNs(long nowNs) {
        Keypair current = sealing(nowNs);
        if (current == null) {
            return nowNs;
        }
        if (inDoubt || current.counter() >= Keypair.REKEY_AFTER_MESSAGES) {
            return nowNs;
        }
        return current.createdNs() + (current.isInitiator() ? REKEY_AFTER_NS : REJECT_AFTER_NS);
    }

    /// Notes that the peer does not seem to know our keys any more: only new ones can tell.
    public void doubt() {
        inDoubt = true;
    }

    /// Lets the next initiation go at once: something changed.
    public void hurry(long nowNs) {
        attempts = 0;
        nextInitiationNs = Math.min(nextInitiationNs, nowNs);
    }

    /// Lets initiations follow each other quickly for a while: the peer said goodbye and may come back.
    ///
    /// @param answerNs how long an answer may take; sooner the next initiation would make it worthless
    public void expectReturn(long answerNs, long nowNs) {
        hurry(nowNs);
        returnTimeoutNs = Math.max(RETURN_TIMEOUT_NS, answerNs);
        returnUntilNs = nowNs + RETURN_PATIENCE_NS;
    }

    /// Writes an initiation.
    ///
    /// @param timestamp the wall clock, with the path in it; raised if it would not be the greatest
    public void initiate(Tai64n timestamp, Packet out, long nowNs) {
        abandon();
        Tai64n stamp = lastTimestamp == null ? timestamp : timestamp.after(lastTimestamp);
        lastTimestamp = stamp;
        pending = HandshakeInitiation.write(context, peer, indices.add(path), stamp, out);
        cookies.sign(out, nowNs);
        attempts++;
        nextInitiationNs = nowNs + timeoutNs(nowNs);
    }

    private long timeoutNs(long nowNs) {
        if (nowNs < returnUntilNs) {
            return returnTimeoutNs;
        }
        return attempts < FIRST_ATTEMPTS ? FIRST_TIMEOUT_NS : REKEY_TIMEOUT_NS;
    }

    /// Takes in a response.
    ///
    /// @return whether it completed the handshake
    public boolean onResponse(Packet response, long nowNs) {
        HandshakeInitiation initiation = pending;
        if (initiation == null) {
            return false;
        }
        Keypair keypair = initiation.onResponse(response, nowNs);
        if (keypair == null) {
            return false;
        }
        pending = null;
        inDoubt = false;
        attempts = 0;
        hurriedAttempts = 0;
        returnUntilNs = -1;
        lastHandshakeNs = nowNs;
        nextInitiationNs = nowNs + FIRST_TIMEOUT_NS;
        keypairs.onInitiatorKeypair(keypair, onEvicted);
        return true;
    }

    /// Answers an authentic initiation.
    public void respond(ReceivedInitiation initiation, Packet out, long nowNs) {
        Keypair keypair = initiation.respond(indices.add(path), nowNs, out);
        cookies.sign(out, nowNs);
        keypairs.onResponderKeypair(keypair, onEvicted);
    }

    /// Takes in a cookie for the initiation or response sent last. It makes the next initiation due at
    /// once, but not twice in a row: behind a NAT that changes ports no cookie ever fits.
    public void onCookieReply(Packet reply, long nowNs) {
        if (cookies.onCookieReply(reply, nowNs) && attempts > hurriedAttempts) {
            hurriedAttempts = attempts;
            nextInitiationNs = Math.min(nextInitiationNs, nowNs);
        }
    }

    /// Changes who the peer is, for the next handshake.
    public void peer(PeerIdentity peer) {
        this.peer = peer;
    }

    /// Erases keys that nobody can use any more.
    ///
    /// @return when to call again, or `Long.MAX_VALUE` if there is nothing to erase
    public long eraseOld(long nowNs) {
        Keypair current = keypairs.current() != null ? keypairs.current() : keypairs.next();
        if (current == null) {
            return Long.MAX_VALUE;
        }
        long eraseNs = current.createdNs() + ERASE_AFTER_NS;
        if (eraseNs > nowNs) {
            return eraseNs;
        }
        keypairs.clear(onEvicted);
        return Long.MAX_VALUE;
    }

    /// Erases the secret of an initiation that can no longer be answered: its link is gone.
    public void abandonInitiation() {
        abandon();
    }

    /// Erases all keys.
    public void clear() {
        abandon();
        keypairs.clear(onEvicted);
    }

    private void abandon() {
        HandshakeInitiation abandoned = pending;
        if (abandoned != null) {
            indices.remove(abandoned.localIndex());
            abandoned.close();
            pending = null;
        }
    }

    private void onEvicted(Keypair keypair) {
        indices.remove(keypair.localIndex());
    }

    private static @Nullable Keypair match(@Nullable Keypair keypair, int index) {
        return keypair != null && keypair.localIndex() == index ? keypair : null;
    }
}
