package io.onebox.testbed;

import io.onebox.engine.noise.JceAead;
import io.onebox.engine.noise.PresharedKey;
import io.onebox.engine.noise.PrivateKey;
import io.onebox.engine.noise.PublicKey;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.IpPrefix;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.path.BondingMode;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.session.EngineConfig;
import io.onebox.engine.session.LinkConfig;
import io.onebox.engine.session.Outbox;
import io.onebox.engine.session.PeerConfig;
import io.onebox.engine.session.SessionEvent;
import io.onebox.engine.session.Sessions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;

/// The engine as a client of one server, on a plain Java socket, with chance chosen by the test. It sends
/// itself inner packets and keeps the answers.
final class EmbeddedPeer implements Outbox, AutoCloseable {

    private static final int LINK = 1;
    private static final int MTU = 1500;
    private static final int ICMP = 1;
    private static final int POLL_MS = 5;
    private static final long RESEND_NS = 200_000_000;

    private final DatagramSocket socket;
    private final PacketPool pool = new PacketPool(Arena.ofAuto(), 256);
    private final Sessions sessions;
    private final long startNs = System.nanoTime();
    private int answers;

    /// A client with one link. Call in a thread of the namespace where it is to live.
    EmbeddedPeer(
            AgentKeys keys, String serverKey, String presharedKey, InetSocketAddress server, RandomGenerator chance)
            throws IOException {
        socket = new DatagramSocket();
        socket.connect(server);
        socket.setSoTimeout(POLL_MS);
        var identity = new PrivateKey(decode(keys.privateKey()));
        long epochNs = System.currentTimeMillis() * 1_000_000;
        sessions = new Sessions(
                new EngineConfig(identity, JceAead.factory(), chance, epochNs, chance.nextLong()), pool, this);
        sessions.putLink(new LinkConfig(LINK, "up1", LinkSettings.DEFAULT, true, false, MTU), nowNs());
        sessions.putPeer(
                new PeerConfig(
                        "server",
                        new PublicKey(decode(serverKey)),
                        new PresharedKey(decode(presharedKey)),
                        List.of(IpPrefix.ofIpv4(0, 0)),
                        List.of(Endpoint.ofIpv4(bits(server.getAddress()), server.getPort())),
                        BondingMode.AGGREGATE),
                nowNs());
    }

    /// Sends `packet` over and over until `wanted` ICMP packets have come back or patience ends.
    ///
    /// @return ICMP packets that came back
    int exchange(byte[] packet, int wanted, long patienceNs) throws IOException {
        long endNs = nowNs() + patienceNs;
        long sendNs = 0;
        while (answers < wanted && nowNs() < endNs) {
            if (nowNs() >= sendNs) {
                offer(packet);
                sendNs = nowNs() + RESEND_NS;
            }
            sessions.onTimer(nowNs());
            receive();
        }
        return answers;
    }

    private void offer(byte[] content) {
        Packet packet = pool.acquire();
        if (packet != null) {
            packet.length(content.length);
            MemorySegment.copy(MemorySegment.ofArray(content), 0, packet.segment(), packet.offset(), content.length);
            sessions.onTunPacket(packet, nowNs());
        }
    }

    private void receive() throws IOException {
        var datagram = new DatagramPacket(new byte[MTU], MTU);
        try {
            socket.receive(datagram);
        } catch (SocketTimeoutException _) {
            return;
        }
        Packet packet = pool.acquire();
        if (packet != null) {
            packet.length(datagram.getLength());
            MemorySegment.copy(
                    MemorySegment.ofArray(datagram.getData()), 0, packet.segment(), packet.offset(), packet.length());
            packet.link(LINK);
            packet.remote(0, Endpoint.mapped(bits(datagram.getAddress())), datagram.getPort());
            sessions.onDatagram(packet, nowNs());
        }
    }

    @Override
    public void transmit(Packet datagram) {
        byte[] bytes = content(datagram);
        datagram.release();
        try {
            socket.send(new DatagramPacket(bytes, bytes.length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void deliver(Packet packet) {
        byte[] bytes = content(packet);
        packet.release();
        answers += bytes.length > 20 && bytes[9] == ICMP ? 1 : 0;
    }

    @Override
    public void report(SessionEvent event) {
        System.out.println(event);
    }

    private static byte[] content(Packet packet) {
        return packet.segment().asSlice(packet.offset(), packet.length()).toArray(ValueLayout.JAVA_BYTE);
    }

    private long nowNs() {
        return System.nanoTime() - startNs;
    }

    private static byte[] decode(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private static int bits(InetAddress address) {
        return ByteBuffer.wrap(address.getAddress()).getInt();
    }

    @Override
    public void close() {
        sessions.close(nowNs());
        socket.close();
    }
}
