package io.onebox.agent.verticle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.onebox.agent.linux.Cidr;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.linux.NetworkNamespace;
import io.onebox.agent.route.ClientRouting;
import io.onebox.agent.route.HostNetwork;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A host that captures everything, with a tunnel that leads nowhere, and a name server behind its uplink.
///
/// ```
///   onebox0 (nowhere) ── host ── up1 10.0.1.2 ═══ 10.0.1.1 ── 192.0.2.53, the name server
/// ```
@Tag("system")
class LinkNameLookupTest {

    private static final String NAME_SERVER = "192.0.2.53";

    private final Libc libc = Libc.load();
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private NetworkNamespace host;
    private NetworkNamespace internet;
    private DatagramSocket nameServer;
    private EventLoop loop;

    @TempDir
    Path state;

    @BeforeEach
    void captureEverything() {
        host = new NetworkNamespace(libc);
        internet = new NetworkNamespace(libc);
        String there = internet.in(
                () -> Path.of("/proc/thread-self").toRealPath().getFileName().toString());
        host.shell("ip link add up1 type veth peer name far1 netns %s; ip link set up1 up".formatted(there)
                + "; ip address add 10.0.1.2/24 dev up1; ip route add default via 10.0.1.1"
                + "; ip link add onebox0 type veth peer name nowhere");
        internet.shell("ip link set far1 up; ip address add 10.0.1.1/24 dev far1; ip address add 192.0.2.53/32 dev lo");
        nameServer = internet.in(() -> new DatagramSocket(new InetSocketAddress(NAME_SERVER, 0)));
        Thread.ofVirtual().start(this::answer);
        loop = host.in(() -> {
            EventLoop inside = group.next();
            inside.submit(() -> {}).syncUninterruptibly();
            return inside;
        });
        host.in(() -> {
            HostNetwork network = HostNetwork.open(libc, state, "client", "onebox0");
            network.tunnel(List.of(Cidr.of("10.77.0.2/32")), 1380);
            network.client(new ClientRouting("onebox0", List.of(Cidr.of("0.0.0.0/0")), false), List.of("up1"));
            return null;
        });
    }

    @AfterEach
    void close() {
        nameServer.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        host.close();
        internet.close();
    }

    @Test
    void findsANameBesideATunnelThatLeadsNowhere() {
        assertThat(host.in(() -> lookup(List.of("gone0", "up1")).lookUp("vpn.example.net")))
                .containsExactly(InetAddress.ofLiteral("203.0.113.7"));
    }

    @Test
    void saysThatThereIsNoLink() {
        assertThatThrownBy(() -> lookup(List.of()).lookUp("vpn.example.net"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("there is no link");
    }

    private LinkNameLookup lookup(List<String> links) {
        var server = new InetSocketAddress(InetAddress.ofLiteral(NAME_SERVER), nameServer.getLocalPort());
        return new LinkNameLookup(loop, () -> links, () -> List.of(server));
    }

    /// Answers every question for an IPv4 address with 203.0.113.7, every other with nothing (RFC 1035, section 4).
    private void answer() {
        try {
            while (true) {
                var packet = new DatagramPacket(new byte[512], 512);
                nameServer.receive(packet);
                ByteBuffer question = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
                int end = 12;
                while (question.get(end) != 0) {
                    end += 1 + question.get(end);
                }
                boolean isA = question.getShort(end + 1) == 1;
                end += 5;
                ByteBuffer answer = ByteBuffer.allocate(end + (isA ? 16 : 0));
                answer.put(0, question, 0, end).putShort(2, (short) 0x8180);
                answer.putShort(6, (short) (isA ? 1 : 0)).putShort(8, (short) 0).putShort(10, (short) 0);
                if (isA) {
                    answer.position(end);
                    answer.putShort((short) 0xc00c)
                            .putShort((short) 1)
                            .putShort((short) 1)
                            .putInt(60);
                    answer.putShort((short) 4).putInt(0xcb007107);
                }
                nameServer.send(new DatagramPacket(answer.array(), answer.capacity(), packet.getSocketAddress()));
            }
        } catch (IOException _) {
            // Closed at the end of the test.
        }
    }
}
