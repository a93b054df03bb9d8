package io.onebox.engine.noise;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.wire.MessageType;
import io.onebox.engine.wire.TransportFlyweight;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// Talks to a real wireguard-go and prints what both said, for [Recording]. Not a test: run by
/// `src/test/recording/record-wireguard-go`, in a network namespace of its own.
final class WireGuardGoRecorder {

    /// Enough to fill the handshake queue of wireguard-go beyond its mark for load, 128 of 1024.
    private static final int FLOOD = 1_500;

    private static final int PATIENCE_MS = 5_000;
    private static final int DRAINED_MS = 50;

    private final RandomGenerator chance = new SecureRandom();
    private final DatagramSocket socket;
    private final InetSocketAddress remote;
    private final PrivateKey ourKey;
    private final PublicKey theirKey;
    private final PresharedKey psk;
    private Tai64n last = Tai64n.plain(0);

    private WireGuardGoRecorder(DatagramSocket socket, InetSocketAddress remote, String[] keys) {
        this.socket = socket;
        this.remote = remote;
        this.ourKey = new PrivateKey(Base64.getDecoder().decode(keys[0]));
        this.theirKey = new PublicKey(Base64.getDecoder().decode(keys[1]));
        this.psk = new PresharedKey(Base64.getDecoder().decode(keys[2]));
    }

    /// Records one conversation.
    ///
    /// @param args `initiator|responder`, our port, their port, our private key, their public key and
    ///     the preshared key in base64
    public static void main(String[] args) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (var socket = new DatagramSocket(Integer.parseInt(args[1]), loopback)) {
            socket.setSoTimeout(PATIENCE_MS);
            var remote = new InetSocketAddress(loopback, Integer.parseInt(args[2]));
            var recorder = new WireGuardGoRecorder(socket, remote, new String[] {args[3], args[4], args[5]});
            if (args[0].equals("initiator")) {
                recorder.initiate();
                recorder.takeCookie();
            } else {
                recorder.respond();
            }
        }
    }

    private void initiate() throws IOException {
        Party we = speaker("initiator.ephemeral");
        Packet initiation = we.packet();
        HandshakeInitiation waiting = write(we, "initiator", initiation);
        new CookieJar(theirKey).sign(initiation, 0);
        send("initiator.initiation", initiation);
        Keypair keypair = waiting.onResponse(receive("initiator.response", MessageType.RESPONSE, we), 0);
        if (keypair == null) {
            throw new IllegalStateException("wireguard-go's response is not authentic");
        }
        byte[] ping = ping();
        print("initiator.ping.plain", ping);
        Packet packet = we.packet();
        packet.length(TransportFlyweight.HEADER_LENGTH + ping.length + Aead.TAG_LENGTH);
        long counter = keypair.nextCounter();
        new TransportFlyweight().wrap(packet.segment(), packet.offset()).start(keypair.remoteIndex(), counter);
        keypair.sealing()
                .seal(
                        counter,
                        MemorySegment.ofArray(ping),
                        0,
                        ping.length,
                        packet.segment(),
                        packet.offset() + TransportFlyweight.HEADER_LENGTH);
        send("initiator.ping", packet);
        receive("initiator.pong", MessageType.TRANSPORT, we);
    }

    /// Floods wireguard-go with one initiation until it asks for a cookie, and uses that.
    private void takeCookie() throws IOException {
        Party we = speaker("cookie.first.ephemeral");
        CookieJar jar = new CookieJar(theirKey);
        Packet first = we.packet();
        write(we, "cookie.first", first);
        jar.sign(first, 0);
        print("cookie.first.initiation", bytes(first));
        for (int i = 0; i < FLOOD; i++) {
            send(first);
        }
        if (!jar.onCookieReply(receive("cookie.reply", MessageType.COOKIE_REPLY, we), 0)) {
            throw new IllegalStateException("wireguard-go's cookie reply is not authentic");
        }
        drain();
        send(first);
        receive("cookie.reply.unused", MessageType.COOKIE_REPLY, we);
        Party again = speaker("cookie.second.ephemeral");
        Packet second = again.packet();
        HandshakeInitiation waiting = write(again, "cookie.second", second);
        jar.sign(second, 0);
        send("cookie.second.initiation", second);
        while (true) {
            Packet response = receive("cookie.second.response", MessageType.RESPONSE, again);
            if (waiting.onResponse(response, 0) != null) {
                return;
            }
        }
    }

    private void respond() throws IOException {
        Party we = speaker("responder.ephemeral");
        Packet initiation = receive("responder.initiation", MessageType.INITIATION, we);
        ReceivedInitiation received = ReceivedInitiation.open(we.context, initiation);
        if (received == null || !received.authenticate(new PeerIdentity(we.local, theirKey, psk))) {
            throw new IllegalStateException("wireguard-go's initiation is not authentic");
        }
        Packet response = we.packet();
        Keypair keypair = received.respond(0x0b0b0b0b, 0, response);
        new CookieJar(theirKey).sign(response, 0);
        send("responder.response", response);
        Packet packet = receive("responder.ping", MessageType.TRANSPORT, we);
        int header = TransportFlyweight.HEADER_LENGTH;
        MemorySegment plain = MemorySegment.ofArray(new byte[packet.length()]);
        boolean authentic = keypair.opening()
                .open(0, packet.segment(), packet.offset() + header, packet.length() - header, plain, 0);
        if (!authentic) {
            throw new IllegalStateException("wireguard-go's packet is not authentic");
        }
        print("responder.ping.plain", plain.toArray(ValueLayout.JAVA_BYTE));
    }

    /// A party whose ephemeral key is recorded as `name`.
    private Party speaker(String name) {
        var ephemeral = new byte[PrivateKey.LENGTH];
        chance.nextBytes(ephemeral);
        print(name, ephemeral);
        return new Party(ourKey, new Recited(ephemeral));
    }

    private HandshakeInitiation write(Party we, String name, Packet out) {
        Instant now = Instant.now();
        Tai64n stamp = Tai64n.at(now.getEpochSecond() * 1_000_000_000 + now.getNano(), 7)
                .after(last);
        last = stamp;
        print(name + ".timestamp", stamp.encode());
        return HandshakeInitiation.write(we.context, new PeerIdentity(we.local, theirKey, psk), 0x0a0a0a0a, stamp, out);
    }

    private void send(String name, Packet packet) throws IOException {
        print(name, bytes(packet));
        send(packet);
    }

    private void send(Packet packet) throws IOException {
        byte[] bytes = bytes(packet);
        socket.send(new DatagramPacket(bytes, bytes.length, remote));
    }

    private void drain() throws IOException {
        var datagram = new DatagramPacket(new byte[Packet.CAPACITY], Packet.CAPACITY);
        socket.setSoTimeout(DRAINED_MS);
        try {
            while (true) {
                socket.receive(datagram);
            }
        } catch (SocketTimeoutException _) {
            socket.setSoTimeout(PATIENCE_MS);
        }
    }

    /// The next datagram of a type. Of one name, the last line counts.
    private Packet receive(String name, int type, Party we) throws IOException {
        var datagram = new DatagramPacket(new byte[Packet.CAPACITY], Packet.CAPACITY);
        while (true) {
            socket.receive(datagram);
            Packet packet = we.packet();
            int length = datagram.getLength();
            packet.length(length);
            MemorySegment.copy(MemorySegment.ofArray(datagram.getData()), 0, packet.segment(), packet.offset(), length);
            if (MessageType.of(packet.segment(), packet.offset(), length) == type) {
                print(name, bytes(packet));
                return packet;
            }
            packet.release();
        }
    }

    private static byte[] bytes(Packet packet) {
        return packet.segment().asSlice(packet.offset(), packet.length()).toArray(ValueLayout.JAVA_BYTE);
    }

    private static void print(String name, byte[] bytes) {
        System.out.println(name + " " + HexFormat.of().formatHex(bytes));
    }

    /// An ICMP echo request from 10.9.0.2 to 10.9.0.1, as long as a WireGuard padding unit.
    private static byte[] ping() {
        ByteBuffer packet = ByteBuffer.allocate(32);
        packet.putInt(0x45000020)
                .putInt(0)
                .putInt(0x40010000)
                .putInt(0x0a090002)
                .putInt(0x0a090001);
        packet.putShort(10, checksum(packet, 0, 20));
        packet.putInt(0x08000000).putInt(0x00010001).putInt(0);
        packet.putShort(22, checksum(packet, 20, 12));
        return packet.array();
    }

    private static short checksum(ByteBuffer packet, int offset, int length) {
        int sum = 0;
        for (int i = 0; i < length; i += Short.BYTES) {
            sum += Short.toUnsignedInt(packet.getShort(offset + i));
        }
        return (short) ~((sum & 0xffff) + (sum >>> Short.SIZE));
    }
}
