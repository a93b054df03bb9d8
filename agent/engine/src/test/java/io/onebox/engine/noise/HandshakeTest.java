package io.onebox.engine.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.engine.packet.Packet;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HandshakeTest {

    private static final PresharedKey PSK =
            new PresharedKey("a secret both sides have known..".getBytes(StandardCharsets.US_ASCII));

    @Test
    void bothSidesMakeTheSameKeys() {
        completes(new Exchange());
    }

    @Test
    void bothSidesMakeTheSameKeysWithAPresharedKey() {
        completes(new Exchange(PSK, PSK));
    }

    private static void completes(Exchange exchange) {
        Keypair responder = exchange.respond();
        Keypair initiator = exchange.waiting().onResponse(exchange.response, 7);

        assertThat(initiator).isNotNull();
        assertThat(initiator.isInitiator()).isTrue();
        assertThat(initiator.createdNs()).isEqualTo(7);
        assertThat(initiator.localIndex()).isEqualTo(Exchange.CLIENT_INDEX);
        assertThat(initiator.remoteIndex()).isEqualTo(Exchange.SERVER_INDEX);
        assertThat(responder.isInitiator()).isFalse();
        assertThat(responder.createdNs()).isEqualTo(5);
        assertThat(responder.localIndex()).isEqualTo(Exchange.SERVER_INDEX);
        assertThat(responder.remoteIndex()).isEqualTo(Exchange.CLIENT_INDEX);
        assertThat(Exchange.carries(initiator, responder)).isTrue();
        assertThat(Exchange.carries(responder, initiator)).isTrue();
        assertThat(Exchange.carries(initiator, initiator)).isFalse();
    }

    @Test
    void theInitiationSaysWhoWhenAndWhichPath() {
        Exchange exchange = new Exchange();

        ReceivedInitiation received = ReceivedInitiation.open(exchange.server.context, exchange.initiation);

        assertThat(received).isNotNull();
        assertThat(received.peer()).isEqualTo(exchange.client.publicKey());
        assertThat(received.senderIndex()).isEqualTo(Exchange.CLIENT_INDEX);
        assertThat(received.authenticate(exchange.server.sees(exchange.client, PresharedKey.NONE)))
                .isTrue();
        assertThat(received.timestamp()).isEqualTo(Exchange.STAMP);
        assertThat(received.timestamp().pathId()).isEqualTo(3);
    }

    @Test
    void differentPresharedKeysDoNotMeet() {
        Exchange exchange = new Exchange(PSK, PresharedKey.NONE);
        exchange.respond();

        assertThat(exchange.waiting().onResponse(exchange.response, 7)).isNull();
    }

    @Test
    void aReplayedResponseIsRefused() {
        Exchange exchange = new Exchange();
        exchange.respond();

        assertThat(exchange.waiting().onResponse(exchange.response, 7)).isNotNull();
        assertThat(exchange.waiting().onResponse(exchange.response, 7)).isNull();
    }

    @Test
    void aClosedInitiationTakesNoResponse() {
        Exchange exchange = new Exchange();
        exchange.respond();
        exchange.waiting().close();

        assertThat(exchange.waiting().onResponse(exchange.response, 7)).isNull();
    }

    @Test
    void aResponseToAnotherHandshakeIsRefused() {
        Exchange exchange = new Exchange();
        Packet second = exchange.client.packet();
        HandshakeInitiation other = HandshakeInitiation.write(
                exchange.client.context,
                exchange.client.sees(exchange.server, PresharedKey.NONE),
                Exchange.CLIENT_INDEX,
                Exchange.STAMP,
                second);
        exchange.respond();

        assertThat(other.onResponse(exchange.response, 7)).isNull();
        assertThat(exchange.waiting().onResponse(exchange.response, 7)).isNotNull();
    }

    @Test
    void anInitiationToSomebodyElseIsRefused() {
        Exchange exchange = new Exchange();
        Party stranger = new Party(3);

        assertThat(stranger.checker.hasValidMac1(exchange.initiation)).isFalse();
        assertThat(ReceivedInitiation.open(stranger.context, exchange.initiation))
                .isNull();
    }

    @Test
    void aPeerIsOnlyAuthenticatedAsItself() {
        Exchange exchange = new Exchange();
        Party stranger = new Party(3);
        ReceivedInitiation received = ReceivedInitiation.open(exchange.server.context, exchange.initiation);

        assertThat(received.authenticate(exchange.server.sees(stranger, PresharedKey.NONE)))
                .isFalse();
        assertThatThrownBy(received::timestamp).isInstanceOf(IllegalStateException.class);
        assertThat(received.authenticate(exchange.server.sees(exchange.client, PresharedKey.NONE)))
                .isTrue();
    }

    /// Who knows both public keys, but not the client's private key, can claim to be the client.
    @Test
    void aClaimWithoutTheKeyIsRefused() {
        Exchange exchange = new Exchange();
        Party mallory = new Party(4);
        HandshakeContext lying = new HandshakeContext(exchange.client.local, JceAead.factory(), mallory.random);
        PeerIdentity guessed = mallory.sees(exchange.server, PresharedKey.NONE);
        Packet forged = mallory.packet();
        HandshakeInitiation.write(lying, guessed, 1, Exchange.STAMP, forged).close();
        ReceivedInitiation received = ReceivedInitiation.open(exchange.server.context, forged);

        assertThat(received.peer()).isEqualTo(exchange.client.publicKey());
        assertThat(received.authenticate(exchange.server.sees(exchange.client, PresharedKey.NONE)))
                .isFalse();
    }

    @Test
    void answersOnce() {
        Exchange exchange = new Exchange();
        ReceivedInitiation received = exchange.receive(exchange.initiation);
        received.respond(1, 0, exchange.response);

        assertThatThrownBy(() -> received.respond(2, 0, exchange.response)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aKeyOfLowOrderIsNotUsable() {
        Exchange exchange = new Exchange();
        PublicKey zero = new PublicKey(new byte[PublicKey.LENGTH]);
        PeerIdentity peer = new PeerIdentity(exchange.client.local, zero, PresharedKey.NONE);

        assertThat(peer.isUsable()).isFalse();
        assertThatThrownBy(() -> HandshakeInitiation.write(
                        exchange.client.context, peer, 1, Exchange.STAMP, exchange.client.packet()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anErasedPeerIsNotUsable() {
        Exchange exchange = new Exchange();
        PeerIdentity peer = exchange.server.sees(exchange.client, PresharedKey.NONE);
        peer.erase();

        assertThat(peer.isUsable()).isFalse();
        assertThat(ReceivedInitiation.open(exchange.server.context, exchange.initiation)
                        .authenticate(peer))
                .isFalse();
    }
}
