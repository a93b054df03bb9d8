package io.onebox.engine.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.wire.CookieReplyFlyweight;
import io.onebox.engine.wire.HandshakeInitiationFlyweight;
import io.onebox.engine.wire.MacsFlyweight;
import org.junit.jupiter.api.Test;

/// Under load a responder makes initiators prove their address.
class CookieTest {

    private static final long SECOND_NS = 1_000_000_000;
    private static final long ADDRESS = Endpoint.mapped(0xc0000201);
    private static final int PORT = 4_000;

    private final Exchange exchange = new Exchange();
    private final CookieChecker checker = exchange.server.checker;
    private final CookieJar jar = exchange.clientJar;
    private final Packet initiation = exchange.initiation;
    private final Packet reply = exchange.server.packet();

    CookieTest() {
        initiation.remote(0, ADDRESS, PORT);
    }

    private void takeCookie(long nowNs) {
        checker.writeReply(initiation, reply, nowNs);
        assertThat(jar.onCookieReply(reply, nowNs)).isTrue();
    }

    private boolean isValidSigned(long nowNs) {
        jar.sign(initiation, nowNs);
        return checker.hasValidMac1(initiation) && checker.hasValidMac2(initiation, nowNs);
    }

    @Test
    void withoutACookieThereIsNoMac2() {
        var mac2 = new byte[MacsFlyweight.MAC_LENGTH];
        new MacsFlyweight()
                .wrapEnd(initiation.segment(), initiation.offset(), initiation.length())
                .readMac2(mac2);

        assertThat(mac2).containsOnly(0);
        assertThat(checker.hasValidMac2(initiation, 0)).isFalse();
    }

    @Test
    void aCookieOpensTheDoor() {
        takeCookie(0);

        assertThat(isValidSigned(0)).isTrue();
    }

    @Test
    void theReplyNamesTheInitiatorAndIsShorterThanWhatItAnswers() {
        checker.writeReply(initiation, reply, 0);

        assertThat(new CookieReplyFlyweight()
                        .wrap(reply.segment(), reply.offset())
                        .receiverIndex())
                .isEqualTo(Exchange.CLIENT_INDEX);
        assertThat(reply.length()).isEqualTo(64).isLessThan(HandshakeInitiationFlyweight.LENGTH);
    }

    @Test
    void aCookieIsForOneAddressAndPort() {
        takeCookie(0);
        jar.sign(initiation, 0);

        initiation.remote(0, ADDRESS + 1, PORT);
        assertThat(checker.hasValidMac2(initiation, 0)).isFalse();
        initiation.remote(1, ADDRESS, PORT);
        assertThat(checker.hasValidMac2(initiation, 0)).isFalse();
        initiation.remote(0, ADDRESS, PORT + 1);
        assertThat(checker.hasValidMac2(initiation, 0)).isFalse();
        initiation.remote(0, ADDRESS, PORT);
        assertThat(checker.hasValidMac2(initiation, 0)).isTrue();
    }

    @Test
    void everyBitUnderMac2Matters() {
        takeCookie(0);
        jar.sign(initiation, 0);
        for (int bit = 0; bit < HandshakeInitiationFlyweight.LENGTH * Byte.SIZE; bit++) {
            Exchange.flip(initiation, bit);
            assertThat(checker.hasValidMac2(initiation, 0)).as("bit %s", bit).isFalse();
            Exchange.flip(initiation, bit);
        }
        assertThat(checker.hasValidMac2(initiation, 0)).isTrue();
    }

    @Test
    void aResponseIsAskedForACookieToo() {
        exchange.respond();
        Packet response = exchange.response;
        response.remote(0, ADDRESS, PORT);
        exchange.client.checker.writeReply(response, reply, 0);
        assertThat(exchange.serverJar.onCookieReply(reply, 0)).isTrue();

        exchange.serverJar.sign(response, 0);

        assertThat(exchange.client.checker.hasValidMac2(response, 0)).isTrue();
    }

    @Test
    void aCookieIsGoodForTwoMinutes() {
        takeCookie(0);

        assertThat(isValidSigned(120 * SECOND_NS - 1)).isTrue();
        assertThat(isValidSigned(120 * SECOND_NS)).isFalse();
    }

    @Test
    void theSecretChangesAfterTwoMinutes() {
        takeCookie(0);
        long laterNs = 120 * SECOND_NS;
        jar.sign(initiation, laterNs - 1);
        assertThat(checker.hasValidMac2(initiation, laterNs - 1)).isTrue();

        checker.writeReply(initiation, reply, laterNs);

        assertThat(checker.hasValidMac2(initiation, laterNs)).isFalse();
        assertThat(jar.onCookieReply(reply, laterNs)).isTrue();
        assertThat(isValidSigned(laterNs)).isTrue();
    }

    @Test
    void aReplyIsTakenOnceAndOnlyForTheLastMessage() {
        checker.writeReply(initiation, reply, 0);
        assertThat(jar.onCookieReply(reply, 0)).isTrue();
        assertThat(jar.onCookieReply(reply, 0)).as("replayed").isFalse();

        Packet other = exchange.client.packet();
        HandshakeInitiation.write(
                        exchange.client.context,
                        exchange.client.sees(exchange.server, PresharedKey.NONE),
                        1,
                        Exchange.STAMP,
                        other)
                .close();
        jar.sign(other, 0);
        assertThat(jar.onCookieReply(reply, 0)).as("for an earlier message").isFalse();
    }
}
