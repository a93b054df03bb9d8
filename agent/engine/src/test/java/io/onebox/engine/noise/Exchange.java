package io.onebox.engine.noise;

import io.onebox.engine.packet.Packet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A handshake between two parties, step by step.
final class Exchange {

    static final int CLIENT_INDEX = 0x11111111;
    static final int SERVER_INDEX = 0x22222222;
    static final Tai64n STAMP = Tai64n.at(1_700_000_000_000_000_000L, 3);

    final Party client = new Party(1);
    final Party server = new Party(2);
    final CookieJar clientJar = new CookieJar(server.publicKey());
    final CookieJar serverJar = new CookieJar(client.publicKey());
    final Packet initiation = client.packet();
    final Packet response = server.packet();

    private final PresharedKey serverPsk;
    private final HandshakeInitiation waiting;

    /// Writes the initiation.
    Exchange(PresharedKey clientPsk, PresharedKey serverPsk) {
        this.serverPsk = serverPsk;
        this.waiting = HandshakeInitiation.write(
                client.context, client.sees(server, clientPsk), CLIENT_INDEX, STAMP, initiation);
        clientJar.sign(initiation, 0);
    }

    Exchange() {
        this(PresharedKey.NONE, PresharedKey.NONE);
    }

    HandshakeInitiation waiting() {
        return waiting;
    }

    /// Does what a server does with a datagram; `null` if it is refused anywhere.
    ReceivedInitiation receive(Packet datagram) {
        ReceivedInitiation received = ReceivedInitiation.open(server.context, datagram);
        boolean authentic = received != null && received.authenticate(server.sees(client, serverPsk));
        return authentic ? received : null;
    }

    /// Answers the initiation: writes the response.
    Keypair respond() {
        Keypair keypair = receive(initiation).respond(SERVER_INDEX, 5, response);
        serverJar.sign(response, 0);
        return keypair;
    }

    /// Whether what one keypair seals the other opens, and then takes for a replay.
    static boolean carries(Keypair from, Keypair to) {
        byte[] text = "what an inner packet might be".getBytes(StandardCharsets.US_ASCII);
        MemorySegment sealed = MemorySegment.ofArray(new byte[text.length + Aead.TAG_LENGTH]);
        MemorySegment opened = MemorySegment.ofArray(new byte[text.length]);
        long counter = from.nextCounter();
        from.sealing().seal(counter, MemorySegment.ofArray(text), 0, text.length, sealed, 0);
        return to.opening().open(counter, sealed, 0, (int) sealed.byteSize(), opened, 0)
                && to.replayWindow().accept(counter)
                && !to.replayWindow().accept(counter)
                && Arrays.equals(opened.toArray(ValueLayout.JAVA_BYTE), text);
    }

    static void flip(Packet packet, int bit) {
        int at = packet.offset() + bit / Byte.SIZE;
        byte before = packet.segment().get(ValueLayout.JAVA_BYTE, at);
        packet.segment().set(ValueLayout.JAVA_BYTE, at, (byte) (before ^ 1 << bit % Byte.SIZE));
    }
}
