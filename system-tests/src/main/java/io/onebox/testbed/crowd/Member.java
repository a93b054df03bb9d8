package io.onebox.testbed.crowd;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.onebox.engine.noise.Aead;
import io.onebox.engine.noise.PresharedKey;
import io.onebox.engine.noise.PrivateKey;
import io.onebox.engine.noise.PublicKey;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.InternetChecksum;
import io.onebox.engine.packet.IpPrefix;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.path.BondingMode;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.path.PathState;
import io.onebox.engine.session.EngineConfig;
import io.onebox.engine.session.LinkConfig;
import io.onebox.engine.session.Outbox;
import io.onebox.engine.session.PeerConfig;
import io.onebox.engine.session.SessionEvent;
import io.onebox.engine.session.SessionEvent.PathChanged;
import io.onebox.engine.session.Sessions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/// One client: an engine and a socket. What it is sent, it throws away. Confined to one thread.
final class Member implements Outbox {

    private static final int LINK = 1;
    private static final int MTU = 1_500;
    private static final int BATCH = 64;
    private static final int INNER_BYTES = 1_300;
    private static final long NS_PER_MS = 1_000_000;
    private static final long NS_PER_PACKET_AND_MEGABIT = INNER_BYTES * 8 * 1_000L;

    /// A sender that was held up does not catch up by more than this.
    private static final long MOST_BEHIND_NS = 20 * NS_PER_MS;

    private static final int IP_HEADER = 20;
    private static final int UDP = 17;

    private final DatagramChannel channel = DatagramChannel.open();
    private final PacketPool pool;
    private final Sessions sessions;
    private final byte[] content;
    private final int megabits;
    private final Endpoint remote;
    private final ByteBuffer received = ByteBuffer.allocateDirect(MTU);
    private long dueNs;
    private long sendNs = Long.MAX_VALUE;
    private boolean isConnected;

    /// What all members have in common.
    ///
    /// @param server its address and port
    record Meeting(
            InetSocketAddress server, PublicKey serverKey, Aead.Factory aead, PacketPool pool, Selector selector) {}

    /// Begins to connect.
    ///
    /// @param key private, in base64
    /// @param address inside the tunnel
    /// @param megabits to send each second, once [#begin] was called
    Member(Meeting meeting, String key, String address, int megabits, long nowNs) throws IOException {
        InetSocketAddress server = meeting.server();
        this.pool = meeting.pool();
        this.megabits = megabits;
        this.content = inner(address);
        this.remote = Endpoint.ofIpv4(bits(server.getAddress()), server.getPort());
        channel.configureBlocking(false);
        channel.connect(server);
        channel.register(meeting.selector(), SelectionKey.OP_READ, this);
        var random = new SecureRandom();
        var identity = new PrivateKey(Base64.getDecoder().decode(key));
        long epochNs = System.currentTimeMillis() * NS_PER_MS - nowNs;
        sessions = new Sessions(
                new EngineConfig(identity, meeting.aead(), random, epochNs, random.nextLong()), pool, this);
        sessions.putLink(new LinkConfig(LINK, "up", LinkSettings.DEFAULT, true, false, MTU), nowNs);
        sessions.putPeer(
                new PeerConfig(
                        "server",
                        meeting.serverKey(),
                        PresharedKey.NONE,
                        List.of(IpPrefix.ofIpv4(0, 0)),
                        List.of(remote),
                        BondingMode.AGGREGATE),
                nowNs);
    }

    /// A UDP packet for nobody.
    private static byte[] inner(String address) throws IOException {
        var packet = new byte[INNER_BYTES];
        ByteBuffer.wrap(packet)
                .putShort((short) 0x4500)
                .putShort((short) INNER_BYTES)
                .putInt(0)
                .put((byte) 64)
                .put((byte) UDP)
                .putShort((short) 0)
                .put(InetAddress.getByName(address).getAddress())
                .put(InetAddress.getByName("10.97.0.1").getAddress())
                .putShort((short) 9)
                .putShort((short) 9)
                .putShort((short) (INNER_BYTES - IP_HEADER));
        MemorySegment header = MemorySegment.ofArray(packet);
        InternetChecksum.write(header, 10, InternetChecksum.sum(header, 0, IP_HEADER));
        return packet;
    }

    boolean isConnected() {
        return isConnected;
    }

    /// Sends from now on, if it is one that sends.
    void begin(long nowNs) {
        sendNs = megabits == 0 ? Long.MAX_VALUE : nowNs;
    }

    /// Takes what has arrived.
    void receive(long nowNs) {
        try {
            for (int i = 0; i < BATCH && channel.read(received.clear()) > 0; i++) {
                Packet packet = pool.acquire();
                if (packet == null) {
                    return;
                }
                packet.length(received.flip().limit());
                MemorySegment.copy(
                        MemorySegment.ofBuffer(received), 0, packet.segment(), packet.offset(), packet.length());
                packet.link(LINK);
                packet.remote(remote.high(), remote.low(), remote.port());
                sessions.onDatagram(packet, nowNs);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        dueNs = nowNs;
    }

    /// Sends what its rate allows, and does what is due.
    void tick(long nowNs) {
        sendNs = sendNs == Long.MAX_VALUE ? sendNs : Math.max(sendNs, nowNs - MOST_BEHIND_NS);
        while (sendNs <= nowNs && sessions.acceptsTunPackets(1)) {
            Packet packet = pool.acquire();
            if (packet == null) {
                return;
            }
            packet.length(INNER_BYTES);
            MemorySegment.copy(content, 0, packet.segment(), JAVA_BYTE, packet.offset(), INNER_BYTES);
            sessions.onTunPacket(packet, nowNs);
            sendNs += NS_PER_PACKET_AND_MEGABIT / megabits;
            dueNs = nowNs;
        }
        if (dueNs <= nowNs) {
            dueNs = sessions.onTimer(nowNs);
        }
    }

    @Override
    public void transmit(Packet datagram) {
        try {
            channel.write(datagram.segment()
                    .asSlice(datagram.offset(), datagram.length())
                    .asByteBuffer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            datagram.release();
        }
    }

    @Override
    public void deliver(Packet packet) {
        packet.release();
    }

    @Override
    public void report(SessionEvent event) {
        isConnected |= event instanceof PathChanged change && change.to() == PathState.USABLE;
    }

    private static int bits(InetAddress address) {
        return ByteBuffer.wrap(address.getAddress()).getInt();
    }
}
