package io.onebox.agent.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.dataplane.DeviceSnapshot;
import io.onebox.agent.dataplane.LinkSocketConfig;
import io.onebox.agent.linux.Libc;
import io.onebox.engine.noise.PresharedKey;
import io.onebox.engine.noise.PrivateKey;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.IpPrefix;
import io.onebox.engine.path.BondingMode;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.session.LinkConfig;
import io.onebox.engine.session.PeerConfig;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A server of three shards with real sockets and queues of TUN, and a client whose source port changes again and
/// again:
/// with a kernel that steers datagrams to their shard, and with one that spreads them by a hash of their addresses.
@Tag("system")
class ShardedDataPlaneSystemTest {

    private static final int SHARDS = 3;
    private static final int ROAMINGS = 8;
    private static final int SO_ATTACH_REUSEPORT_CBPF = 51;
    private static final int SERVER_OUTSIDE = 0x0a080001;
    private static final int SERVER_INSIDE = 0x0a4d0001;
    private static final int CLIENT_INSIDE = 0x0a4d0002;
    private static final int OTHER_INSIDE = 0x0a4d0003;
    private static final int PORT = 51_820;
    private static final int LINK = 1;

    private final Libc libc = Libc.load();
    private final PlaneHost client = new PlaneHost(libc, 1, 1);
    private PlaneHost server = client;

    @AfterEach
    void closes() {
        client.close();
        server.close();
    }

    @Test
    void aClientRoamsBetweenPorts() {
        connect(libc);

        roam();

        assertThat(dropsOf(server)).doesNotContainKeys("queue_full", "pool_empty");
    }

    /// Each new source port may hash to a shard that does not have the session.
    @Test
    void aClientRoamsBetweenPortsWhereTheKernelDoesNotSteer() {
        connect(withoutFilter());

        roam();
    }

    @Test
    void goesDownAndComesUpInOrder() {
        connect(libc);
        ping();

        PlaneHost.await(server.plane().down());
        assertThat(PlaneHost.await(server.plane().snapshot()).up()).isFalse();
        PlaneHost.await(server.plane().up());
        PlaneHost.await(client.plane().down());
        PlaneHost.await(client.plane().up());

        ping();
        server.undeploy();
        PlaneHost.await(server.plane().stopped());
        server.run("! ip link show onebox0");
    }

    @Test
    void forgetsAPeerEverywhere() {
        connect(libc);
        ping();

        PlaneHost.await(server.plane().removePeer(client.key().publicKey()));

        assertThat(PlaneHost.await(server.plane().snapshot()).sessions()).hasSize(1);
        client.run("! ping -q -c 2 -i 0.05 -W 1 10.77.0.1");
    }

    private void connect(Libc ofServer) {
        server = new PlaneHost(ofServer, 2, SHARDS);
        client.connect(server);
        client.deploy();
        server.deploy();
        client.run("ip addr add 10.77.0.2/24 dev onebox0; ip link set onebox0 up");
        server.run("ip addr add 10.77.0.1/24 dev onebox0; ip link set onebox0 up");
        PlaneHost.await(server.plane().openLink(link("", PORT)));
        // So that the client is not at the door.
        PlaneHost.await(server.plane().putPeer(peer(PrivateKey.generate(new Random(3)), OTHER_INSIDE, List.of())));
        PlaneHost.await(server.plane().putPeer(peer(client.key(), CLIENT_INSIDE, List.of())));
        PlaneHost.await(client.plane()
                .putPeer(peer(server.key(), SERVER_INSIDE, List.of(Endpoint.ofIpv4(SERVER_OUTSIDE, PORT)))));
        PlaneHost.await(client.plane().openLink(link("up0", 0)));
    }

    private void roam() {
        for (int i = 0; i < ROAMINGS; i++) {
            ping();
            PlaneHost.await(client.plane().openLink(link("up0", 0)));
        }
        var sessions = PlaneHost.await(server.plane().snapshot()).sessions();
        assertThat(sessions)
                .extracting("peer")
                .hasSize(2)
                .endsWith(client.key().publicKey().toString());
        assertThat(sessions.getLast().rxPackets()).isGreaterThanOrEqualTo(ROAMINGS);
        assertThat(sessions.getLast().paths()).hasSize(1);
    }

    private Map<String, Long> dropsOf(PlaneHost host) {
        return PlaneHost.await(host.plane().snapshot()).devices().stream()
                .reduce(DeviceSnapshot::plus)
                .orElseThrow()
                .dropped();
    }

    /// From both ends, so that a queue of TUN meets a flow that began at the server, too.
    private void ping() {
        client.run("ping -q -c 3 -i 0.05 -W 5 10.77.0.1");
        server.run("ping -q -c 3 -i 0.05 -W 5 10.77.0.2");
    }

    /// A kernel without filters on shared ports.
    private Libc withoutFilter() {
        return (Libc) Proxy.newProxyInstance(
                Libc.class.getClassLoader(), new Class<?>[] {Libc.class}, (_, method, args) -> {
                    if (method.getName().equals("setsockopt") && args[2].equals(SO_ATTACH_REUSEPORT_CBPF)) {
                        return -1;
                    }
                    try {
                        return method.invoke(libc, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static LinkSocketConfig link(String boundInterface, int port) {
        var link = new LinkConfig(LINK, "test" + LINK, LinkSettings.DEFAULT, true, false, 1_500);
        return new LinkSocketConfig(link, boundInterface, port, 0);
    }

    private static PeerConfig peer(PrivateKey key, int address, List<Endpoint> endpoints) {
        return new PeerConfig(
                "peer" + address,
                key.publicKey(),
                PresharedKey.NONE,
                List.of(IpPrefix.ofIpv4(address, 32)),
                endpoints,
                BondingMode.AGGREGATE);
    }
}
