package io.onebox.engine.noise;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.wire.HandshakeInitiationFlyweight;
import io.onebox.engine.wire.HandshakeResponseFlyweight;
import io.onebox.engine.wire.MessageType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A handshake somebody else began, on its way through our checks.
///
/// ```
///   open --> who is it? --> authenticate --> is the timestamp new? --> respond
///                 |               |                   |                   |
///                 +---------------+------ close ------+-------------------+
/// ```
///
/// Nothing is known about the sender before [#authenticate] succeeds; before that, [#peer] is a claim
/// by whoever knows our public key.
///
/// Source: WireGuard whitepaper, sections 5.4.2 and 5.4.3.
public final class ReceivedInitiation implements AutoCloseable {

    private final HandshakeContext context;
    private final int senderIndex;
    private final byte[] remoteEphemeral;
    private final byte[] sealedTimestamp;
    private final PublicKey peer;
    private final HandshakeState state;

    private @Nullable PeerIdentity identity;
    private @Nullable Tai64n timestamp;

    private ReceivedInitiation(
            HandshakeContext context,
            int senderIndex,
            byte[] remoteEphemeral,
            byte[] sealedTimestamp,
            PublicKey peer,
            HandshakeState state) {
        this.context = context;
        this.senderIndex = senderIndex;
        this.remoteEphemeral = remoteEphemeral;
        this.sealedTimestamp = sealedTimestamp;
        this.peer = peer;
        this.state = state;
    }

    /// Reads an initiation as far as the static key of its sender. MACs are not looked at:
    /// [CookieChecker] does that first, because this costs a Diffie-Hellman.
    ///
    /// @return `null` if the datagram is no initiation meant for us
    public static @Nullable ReceivedInitiation open(HandshakeContext context, Packet datagram) {
        if (datagram.length() != HandshakeInitiationFlyweight.LENGTH) {
            return null;
        }
        HandshakeInitiationFlyweight message =
                new HandshakeInitiationFlyweight().wrap(datagram.segment(), datagram.offset());
        if (message.type() != MessageType.INITIATION) {
            return null;
        }
        var ephemeral = new byte[HandshakeInitiationFlyweight.EPHEMERAL_LENGTH];
        var sealedStatic = new byte[HandshakeInitiationFlyweight.STATIC_LENGTH];
        var sealedTimestamp = new byte[HandshakeInitiationFlyweight.TIMESTAMP_LENGTH];
        message.readEphemeral(ephemeral);
        message.readStatic(sealedStatic);
        message.readTimestamp(sealedTimestamp);

        LocalIdentity local = context.local();
        var secret = new byte[PublicKey.LENGTH];
        if (!local.key().agree(ephemeral, secret)) {
            return null;
        }
        HandshakeState state = HandshakeState.towards(local.publicKey());
        state.mixEphemeral(ephemeral);
        byte[] staticKey = state.mixSecretAndOpen(secret, sealedStatic);
        Arrays.fill(secret, (byte) 0);
        if (staticKey == null) {
            state.erase();
            return null;
        }
        return new ReceivedInitiation(
                context, message.senderIndex(), ephemeral, sealedTimestamp, new PublicKey(staticKey), state);
    }

    /// Who claims to have sent this.
    public PublicKey peer() {
        return peer;
    }

    /// What the sender wants in datagrams to it.
    public int senderIndex() {
        return senderIndex;
    }

    /// Checks that the sender has the static key it claims, and reads the timestamp. May be tried again
    /// after a failure.
    ///
    /// @param identity the peer named by [#peer]
    public boolean authenticate(PeerIdentity identity) {
        if (timestamp != null || !identity.isUsable() || !identity.publicKey().equals(peer)) {
            return false;
        }
        HandshakeState before = state.copy();
        byte[] plain = state.mixSecretAndOpen(identity.staticSecret(), sealedTimestamp);
        if (plain == null) {
            state.become(before);
            return false;
        }
        before.erase();
        this.identity = identity;
        this.timestamp = Tai64n.decode(plain, 0);
        return true;
    }

    /// When the sender says it wrote this. Only after [#authenticate] succeeded.
    public Tai64n timestamp() {
        Tai64n known = timestamp;
        if (known == null) {
            throw new IllegalStateException("the initiation is not authenticated");
        }
        return known;
    }

    /// Ends the handshake: writes the response to `out`, where its content starts, with both MACs zero
    /// ([CookieJar#sign] fills them in). Addresses are left to the caller. Once, and only after
    /// [#authenticate] succeeded.
    ///
    /// @param localIndex what the peer shall put into datagrams to us
    public Keypair respond(int localIndex, long nowNs, Packet out) {
        PeerIdentity authentic = identity;
        if (authentic == null) {
            throw new IllegalStateException("the initiation is not authenticated, or over");
        }
        PrivateKey ephemeral = PrivateKey.generate(context.random());
        byte[] ephemeralPublic = ephemeral.publicKey().bytes();
        var secret = new byte[PublicKey.LENGTH];
        state.mixEphemeral(ephemeralPublic);
        ephemeral.agree(remoteEphemeral, secret);
        state.mixSecret(secret);
        ephemeral.agree(peer.bytes(), secret);
        state.mixSecret(secret);
        Arrays.fill(secret, (byte) 0);
        ephemeral.close();
        byte[] sealedNothing = state.mixPresharedAndSeal(authentic.psk());

        out.length(HandshakeResponseFlyweight.LENGTH);
        new HandshakeResponseFlyweight()
                .wrap(out.segment(), out.offset())
                .start(localIndex, senderIndex)
                .ephemeral(ephemeralPublic)
                .sealedNothing(sealedNothing);
        Keypair keypair = context.keypair(new HandshakeIndices(localIndex, senderIndex, false), nowNs, state);
        close();
        return keypair;
    }

    /// Erases the secrets: nothing can be authenticated or answered afterwards.
    @Override
    public void close() {
        identity = null;
        state.erase();
    }
}
