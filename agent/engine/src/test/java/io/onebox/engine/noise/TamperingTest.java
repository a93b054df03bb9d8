package io.onebox.engine.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.wire.CookieReplyFlyweight;
import io.onebox.engine.wire.HandshakeInitiationFlyweight;
import io.onebox.engine.wire.HandshakeResponseFlyweight;
import io.onebox.engine.wire.MacsFlyweight;
import org.junit.jupiter.api.Test;

/// Every single bit of a handshake message matters, and a message with a wrong one changes nothing: the
/// genuine one is accepted afterwards.
class TamperingTest {

    private static final int SENDER_INDEX_BEGIN = Integer.BYTES * Byte.SIZE;
    private static final int SENDER_INDEX_END = 2 * Integer.BYTES * Byte.SIZE;

    private final Exchange exchange = new Exchange();

    @Test
    void theMacCoversTheWholeInitiation() {
        Packet initiation = exchange.initiation;
        int covered = HandshakeInitiationFlyweight.LENGTH - MacsFlyweight.MAC_LENGTH;
        for (int bit = 0; bit < covered * Byte.SIZE; bit++) {
            Exchange.flip(initiation, bit);
            assertThat(exchange.server.checker.hasValidMac1(initiation))
                    .as("bit %s", bit)
                    .isFalse();
            Exchange.flip(initiation, bit);
        }
        assertThat(exchange.server.checker.hasValidMac1(initiation)).isTrue();
    }

    @Test
    void theMacCoversTheWholeResponse() {
        exchange.respond();
        Packet response = exchange.response;
        int covered = HandshakeResponseFlyweight.LENGTH - MacsFlyweight.MAC_LENGTH;
        for (int bit = 0; bit < covered * Byte.SIZE; bit++) {
            Exchange.flip(response, bit);
            assertThat(exchange.client.checker.hasValidMac1(response))
                    .as("bit %s", bit)
                    .isFalse();
            Exchange.flip(response, bit);
        }
        assertThat(exchange.client.checker.hasValidMac1(response)).isTrue();
    }

    /// Anybody who knows the public key can make MAC1, so the handshake must hold without it. Only the
    /// sender's index is not part of it, by design: a wrong one leads the answer nowhere.
    @Test
    void theHandshakeCoversTheInitiationWithoutItsMac() {
        Packet initiation = exchange.initiation;
        int covered = HandshakeInitiationFlyweight.LENGTH - MacsFlyweight.LENGTH;
        for (int bit = 0; bit < covered * Byte.SIZE; bit++) {
            Exchange.flip(initiation, bit);
            boolean refused = exchange.receive(initiation) == null;
            assertThat(refused).as("bit %s", bit).isEqualTo(!isSenderIndex(bit));
            Exchange.flip(initiation, bit);
        }
        assertThat(exchange.receive(initiation)).isNotNull();
    }

    @Test
    void theHandshakeCoversTheResponseWithoutItsMac() {
        Keypair responder = exchange.respond();
        Packet response = exchange.response;
        int covered = HandshakeResponseFlyweight.LENGTH - MacsFlyweight.LENGTH;
        for (int bit = 0; bit < covered * Byte.SIZE; bit++) {
            if (isSenderIndex(bit)) {
                continue;
            }
            Exchange.flip(response, bit);
            assertThat(exchange.waiting().onResponse(response, 7))
                    .as("bit %s", bit)
                    .isNull();
            Exchange.flip(response, bit);
        }
        Keypair initiator = exchange.waiting().onResponse(response, 7);
        assertThat(initiator).isNotNull();
        assertThat(Exchange.carries(initiator, responder)).isTrue();
    }

    private static boolean isSenderIndex(int bit) {
        return bit >= SENDER_INDEX_BEGIN && bit < SENDER_INDEX_END;
    }

    /// The receiver's index is for the caller to look up.
    @Test
    void everyBitOfACookieReplyMattersButTheIndex() {
        Packet reply = exchange.server.packet();
        exchange.server.checker.writeReply(exchange.initiation, reply, 0);
        for (int bit = 0; bit < CookieReplyFlyweight.LENGTH * Byte.SIZE; bit++) {
            if (isSenderIndex(bit)) {
                continue;
            }
            Exchange.flip(reply, bit);
            assertThat(exchange.clientJar.onCookieReply(reply, 0))
                    .as("bit %s", bit)
                    .isFalse();
            Exchange.flip(reply, bit);
        }
        assertThat(exchange.clientJar.onCookieReply(reply, 0)).isTrue();
    }

    @Test
    void messagesOfAnotherLengthAreRefused() {
        exchange.respond();
        Packet reply = exchange.server.packet();
        exchange.server.checker.writeReply(exchange.initiation, reply, 0);
        for (int length = 0; length < 200; length++) {
            exchange.initiation.length(length);
            exchange.response.length(length);
            reply.length(length);
            boolean isInitiation = length == HandshakeInitiationFlyweight.LENGTH;
            assertThat(exchange.receive(exchange.initiation) != null).isEqualTo(isInitiation);
            assertThat(exchange.server.checker.hasValidMac1(exchange.initiation))
                    .isEqualTo(isInitiation);
            if (length != HandshakeResponseFlyweight.LENGTH) {
                assertThat(exchange.waiting().onResponse(exchange.response, 0)).isNull();
                assertThat(exchange.client.checker.hasValidMac1(exchange.response))
                        .isFalse();
            }
            if (length != CookieReplyFlyweight.LENGTH) {
                assertThat(exchange.clientJar.onCookieReply(reply, 0)).isFalse();
            }
        }
    }
}
