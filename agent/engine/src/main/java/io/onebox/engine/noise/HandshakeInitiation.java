package io.onebox.engine.noise;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.wire.HandshakeInitiationFlyweight;
import io.onebox.engine.wire.HandshakeResponseFlyweight;
import io.onebox.engine.wire.MessageType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A handshake we began, waiting for its response. Holds the ephemeral key until then.
///
/// ```
///   write --> waiting --> onResponse, authentic --> consumed
///                |                                     ^
///                +------------- close -----------------+
/// ```
///
/// Source: WireGuard whitepaper, sections 5.4.2 and 5.4.3.
public final class HandshakeInitiation implements AutoCloseable {

    private final HandshakeContext context;
    private final PeerIdentity peer;
    private final int localIndex;
    private final PrivateKey ephemeral;
    private final HandshakeState state;
    private boolean consumed;

    private HandshakeInitiation(
            HandshakeContext context, PeerIdentity peer, int localIndex, PrivateKey ephemeral, HandshakeState state) {
        this.context = context;
        this.peer = peer;
        this.localIndex = localIndex;
        this.ephemeral = ephemeral;
        this.state = state;
    }

    /// Begins a handshake: writes the initiation to `out`, where its content starts, with both MACs
    /// zero ([CookieJar#sign] fills them in). Addresses are left to the caller.
    ///
    /// @param peer must be usable
    /// @param localIndex what the peer shall put into datagrams to us
    /// @param timestamp greater than any the peer has seen from us on this path
    public static HandshakeInitiation write(
            HandshakeContext context, PeerIdentity peer, int localIndex, Tai64n timestamp, Packet out) {
        if (!peer.isUsable()) {
            throw new IllegalArgumentException("the peer's public key is of low order: " + peer.publicKey());
        }
        LocalIdentity local = context.local();
        PrivateKey ephemeral = PrivateKey.generate(context.random());
        byte[] ephemeralPublic = ephemeral.publicKey().bytes();
        HandshakeState state = HandshakeState.towards(peer.publicKey());
        state.mixEphemeral(ephemeralPublic);
        var secret = new byte[PublicKey.LENGTH];
        ephemeral.agree(peer.publicKey().bytes(), secret);
        byte[] sealedStatic = state.mixSecretAndSeal(secret, local.publicKey().bytes());
        Arrays.fill(secret, (byte) 0);
        byte[] sealedTimestamp = state.mixSecretAndSeal(peer.staticSecret(), timestamp.encode());

        out.length(HandshakeInitiationFlyweight.LENGTH);
        new HandshakeInitiationFlyweight()
                .wrap(out.segment(), out.offset())
                .start(localIndex)
                .ephemeral(ephemeralPublic)
                .sealedStatic(sealedStatic)
                .sealedTimestamp(sealedTimestamp);
        return new HandshakeInitiation(context, peer, localIndex, ephemeral, state);
    }

    /// What the peer puts into datagrams to us.
    public int localIndex() {
        return localIndex;
    }

    /// Takes a datagram that may be the response. MACs are not looked at: [CookieChecker] does that.
    ///
    /// @return the keys, and this handshake is over; or `null` if the datagram is not the authentic
    ///     response, and nothing has changed
    public @Nullable Keypair onResponse(Packet response, long nowNs) {
        if (consumed || response.length() != HandshakeResponseFlyweight.LENGTH) {
            return null;
        }
        HandshakeResponseFlyweight message =
                new HandshakeResponseFlyweight().wrap(response.segment(), response.offset());
        if (message.type() != MessageType.RESPONSE || message.receiverIndex() != localIndex) {
            return null;
        }
        HandshakeState trial = state.copy();
        try {
            if (!readResponse(message, trial)) {
                return null;
            }
            var indices = new HandshakeIndices(localIndex, message.senderIndex(), true);
            Keypair keypair = context.keypair(indices, nowNs, trial);
            close();
            return keypair;
        } finally {
            trial.erase();
        }
    }

    /// Erases the ephemeral key: no response is accepted afterwards.
    @Override
    public void close() {
        consumed = true;
        ephemeral.close();
        state.erase();
    }

    private boolean readResponse(HandshakeResponseFlyweight message, HandshakeState trial) {
        var ephemeralPublic = new byte[HandshakeResponseFlyweight.EPHEMERAL_LENGTH];
        var nothing = new byte[HandshakeResponseFlyweight.NOTHING_LENGTH];
        message.readEphemeral(ephemeralPublic);
        message.readNothing(nothing);

        var secret = new byte[PublicKey.LENGTH];
        trial.mixEphemeral(ephemeralPublic);
        if (!ephemeral.agree(ephemeralPublic, secret)) {
            return false;
        }
        trial.mixSecret(secret);
        context.local().key().agree(ephemeralPublic, secret);
        trial.mixSecret(secret);
        Arrays.fill(secret, (byte) 0);
        return trial.mixPresharedAndOpen(peer.psk(), nothing);
    }
}
