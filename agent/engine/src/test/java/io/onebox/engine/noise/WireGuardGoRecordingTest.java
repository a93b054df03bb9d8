package io.onebox.engine.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.wire.TransportFlyweight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// We say what we said when wireguard-go understood us, and understand what it said.
///
/// `src/test/recording/record-wireguard-go` had the conversation with Debian's wireguard-go over
/// loopback in a network namespace; [WireGuardGoRecorder] was our side. With our keys and our ephemeral
/// keys recorded too, every byte follows.
class WireGuardGoRecordingTest {

    private static final int HEADER = TransportFlyweight.HEADER_LENGTH;

    private final Recording recording = Recording.read("wireguard-go.txt");
    private final PublicKey theirs = new PrivateKey(recording.bytes("theirs.private")).publicKey();
    private final PresharedKey psk = new PresharedKey(recording.bytes("psk"));

    private Party we(String ephemeral) {
        return new Party(new PrivateKey(recording.bytes("ours.private")), new Recited(recording.bytes(ephemeral)));
    }

    private HandshakeInitiation initiate(Party we, String name, Packet out) {
        Tai64n timestamp = Tai64n.decode(recording.bytes(name + ".timestamp"), 0);
        return HandshakeInitiation.write(
                we.context, new PeerIdentity(we.local, theirs, psk), 0x0a0a0a0a, timestamp, out);
    }

    private static byte[] bytes(Packet packet) {
        return packet.segment().asSlice(packet.offset(), packet.length()).toArray(ValueLayout.JAVA_BYTE);
    }

    private byte[] open(Keypair keypair, String name) {
        byte[] message = recording.bytes(name);
        MemorySegment datagram = MemorySegment.ofArray(message);
        TransportFlyweight header = new TransportFlyweight().wrap(datagram, 0);
        assertThat(header.receiverIndex()).isEqualTo(keypair.localIndex());
        int sealedLength = message.length - HEADER;
        MemorySegment plain = MemorySegment.ofArray(new byte[sealedLength - Aead.TAG_LENGTH]);
        assertThat(keypair.opening().open(header.counter(), datagram, HEADER, sealedLength, plain, 0))
                .isTrue();
        return plain.toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void beginsAHandshakeWithWireGuardGo() {
        Party we = we("initiator.ephemeral");
        Packet initiation = we.packet();
        HandshakeInitiation waiting = initiate(we, "initiator", initiation);
        new CookieJar(theirs).sign(initiation, 0);
        assertThat(bytes(initiation)).isEqualTo(recording.bytes("initiator.initiation"));

        Packet response = recording.into(we.packet(), "initiator.response");
        assertThat(we.checker.hasValidMac1(response)).isTrue();
        Keypair keypair = waiting.onResponse(response, 0);
        assertThat(keypair).isNotNull();

        byte[] ping = recording.bytes("initiator.ping.plain");
        Packet packet = we.packet();
        packet.length(HEADER + ping.length + Aead.TAG_LENGTH);
        new TransportFlyweight().wrap(packet.segment(), packet.offset()).start(keypair.remoteIndex(), 0);
        keypair.sealing()
                .seal(0, MemorySegment.ofArray(ping), 0, ping.length, packet.segment(), packet.offset() + HEADER);
        assertThat(bytes(packet)).isEqualTo(recording.bytes("initiator.ping"));

        byte[] pong = open(keypair, "initiator.pong");
        assertThat(pong).as("an ICMP echo reply with the addresses exchanged").hasSize(ping.length);
        assertThat(pong[20]).isZero();
        assertThat(Arrays.copyOfRange(pong, 12, 16)).isEqualTo(Arrays.copyOfRange(ping, 16, 20));
    }

    @Test
    void answersAHandshakeOfWireGuardGo() {
        Party we = we("responder.ephemeral");
        Packet initiation = recording.into(we.packet(), "responder.initiation");
        assertThat(we.checker.hasValidMac1(initiation)).isTrue();

        ReceivedInitiation received = ReceivedInitiation.open(we.context, initiation);
        assertThat(received).isNotNull();
        assertThat(received.peer()).isEqualTo(theirs);
        assertThat(received.authenticate(new PeerIdentity(we.local, theirs, psk)))
                .isTrue();
        assertThat(received.timestamp().pathId()).isEqualTo(Tai64n.NO_PATH);
        assertThat(received.timestamp()).isGreaterThan(Tai64n.plain(1_700_000_000_000_000_000L));

        Packet response = we.packet();
        Keypair keypair = received.respond(0x0b0b0b0b, 0, response);
        new CookieJar(theirs).sign(response, 0);
        assertThat(bytes(response)).isEqualTo(recording.bytes("responder.response"));

        byte[] ping = open(keypair, "responder.ping");
        assertThat(ping).as("padded to 16 bytes").hasSize(96);
        assertThat(ping[0]).as("an IPv4 header of 20 bytes").isEqualTo((byte) 0x45);
    }

    @Test
    void provesItsAddressToWireGuardGoUnderLoad() {
        Party first = we("cookie.first.ephemeral");
        CookieJar jar = new CookieJar(theirs);
        Packet initiation = first.packet();
        initiate(first, "cookie.first", initiation);
        jar.sign(initiation, 0);
        assertThat(bytes(initiation)).isEqualTo(recording.bytes("cookie.first.initiation"));
        assertThat(jar.onCookieReply(recording.into(first.packet(), "cookie.reply"), 0))
                .isTrue();

        Party second = we("cookie.second.ephemeral");
        Packet again = second.packet();
        HandshakeInitiation waiting = initiate(second, "cookie.second", again);
        jar.sign(again, 0);

        assertThat(bytes(again)).as("with a MAC2").isEqualTo(recording.bytes("cookie.second.initiation"));
        assertThat(waiting.onResponse(recording.into(second.packet(), "cookie.second.response"), 0))
                .isNotNull();
    }
}
