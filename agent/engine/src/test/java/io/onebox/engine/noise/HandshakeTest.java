package io.onebox.engine.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.packet.Packet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HandshakeTest {

    private static final PresharedKey PSK =
            new PresharedKey("a secret both sides have known..".getBytes(StandardCharsets.US_ASCII));
    private static final Tai64n STAMP = Tai64n.at(1_700_000_000_000_000_000L, 3);
    private static final int CLIENT_INDEX = 0x11111111;
    private static final int SERVER_INDEX = 0x22222222;

    private final Party client = new Party(1);
    private final Party server = new Party(2);

    @Test
    void bothSidesMakeTheSameKeys() {
        agreeOnKeys(PresharedKey.NONE);
    }

    @Test
    void bothSidesMakeTheSameKeysWithAPresharedKey() {
        agreeOnKeys(PSK);
    }

    private void agreeOnKeys(PresharedKey psk) {
        Packet initiation = client.packet();
        CookieJar clientJar = new CookieJar(server.publicKey());
        HandshakeInitiation waiting =
                HandshakeInitiation.write(client.context, client.sees(server, psk), CLIENT_INDEX, STAMP, initiation);
        clientJar.sign(initiation, 0);
        assertThat(server.checker.hasValidMac1(initiation)).isTrue();

        ReceivedInitiation received = ReceivedInitiation.open(server.context, initiation);
        assertThat(received).isNotNull();
        assertThat(received.peer()).isEqualTo(client.publicKey());
        assertThat(received.senderIndex()).isEqualTo(CLIENT_INDEX);
        assertThat(received.authenticate(server.sees(client, psk))).isTrue();
        assertThat(received.timestamp()).isEqualTo(STAMP);
        Packet response = server.packet();
        Keypair responder = received.respond(SERVER_INDEX, 5, response);
        new CookieJar(client.publicKey()).sign(response, 0);

        assertThat(client.checker.hasValidMac1(response)).isTrue();
        Keypair initiator = waiting.onResponse(response, 7);
        assertThat(initiator).isNotNull();
        assertThat(initiator.localIndex()).isEqualTo(CLIENT_INDEX);
        assertThat(initiator.remoteIndex()).isEqualTo(SERVER_INDEX);
        assertThat(responder.localIndex()).isEqualTo(SERVER_INDEX);
        assertThat(responder.remoteIndex()).isEqualTo(CLIENT_INDEX);
        assertThat(carries(initiator, responder)).isTrue();
        assertThat(carries(responder, initiator)).isTrue();
    }

    private static boolean carries(Keypair from, Keypair to) {
        byte[] text = "what an inner packet might be".getBytes(StandardCharsets.US_ASCII);
        MemorySegment plain = MemorySegment.ofArray(text);
        MemorySegment sealed = MemorySegment.ofArray(new byte[text.length + Aead.TAG_LENGTH]);
        MemorySegment opened = MemorySegment.ofArray(new byte[text.length]);
        long counter = from.nextCounter();
        from.sealing().seal(counter, plain, 0, text.length, sealed, 0);
        return to.opening().open(counter, sealed, 0, (int) sealed.byteSize(), opened, 0)
                && to.replayWindow().accept(counter)
                && opened.mismatch(plain) == -1
                && opened.get(ValueLayout.JAVA_BYTE, 0) == text[0];
    }
}
