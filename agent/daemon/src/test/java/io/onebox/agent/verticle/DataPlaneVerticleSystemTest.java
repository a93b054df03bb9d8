package io.onebox.agent.verticle;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.agent.dataplane.DataPlaneSnapshot;
import io.onebox.agent.dataplane.LinkSocketConfig;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.linux.LinuxException;
import io.onebox.engine.noise.PresharedKey;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.IpPrefix;
import io.onebox.engine.path.BondingMode;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.session.LinkConfig;
import io.onebox.engine.session.PeerConfig;
import io.onebox.engine.session.SessionEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two data planes with real TUN devices, each on an event loop in a network namespace of its own.
///
/// ```
///   10.77.0.2 onebox0 -- client == 10.8.0.2 up0 ------- core0 10.8.0.1 == server -- onebox0 10.77.0.1
/// ```
@Tag("system")
class DataPlaneVerticleSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int SERVER_OUTSIDE = 0x0a080001;
    private static final int SERVER_INSIDE = 0x0a4d0001;
    private static final int CLIENT_INSIDE = 0x0a4d0002;
    private static final int PORT = 51_820;
    private static final int LINK = 1;

    private final Libc libc = Libc.load();
    private final PlaneHost client = new PlaneHost(libc, 1, 1);
    private final PlaneHost server = new PlaneHost(libc, 2, 1);
    private final List<SessionEvent> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void connects() {
        client.connect(server);
        client.deploy();
        server.deploy();
        client.plane().onEvent(client.vertx().getOrCreateContext(), events::add);
        client.run("ip addr add 10.77.0.2/24 dev onebox0; ip link set onebox0 up");
        server.run("ip addr add 10.77.0.1/24 dev onebox0; ip link set onebox0 up");
        PlaneHost.await(server.plane().openLink(link("", PORT)));
        PlaneHost.await(server.plane().putPeer(peer(client, CLIENT_INSIDE, List.of())));
        PlaneHost.await(
                client.plane().putPeer(peer(server, SERVER_INSIDE, List.of(Endpoint.ofIpv4(SERVER_OUTSIDE, PORT)))));
        PlaneHost.await(client.plane().openLink(link("up0", 0)));
    }

    @AfterEach
    void closes() {
        client.close();
        server.close();
    }

    @Test
    void carriesPingsAndTellsOfIt() {
        ping();

        DataPlaneSnapshot snapshot = PlaneHost.await(client.plane().snapshot());
        assertThat(snapshot.up()).isTrue();
        assertThat(snapshot.sessions())
                .singleElement()
                .satisfies(session -> assertThat(session.rxPackets()).isPositive());
        assertThat(snapshot.devices()).extracting("device").contains("onebox0", "test1", "none");
        assertThat(events).hasAtLeastOneElementOfType(SessionEvent.HandshakeCompleted.class);
    }

    @Test
    void goesDownAndComesUpWithItsPeersAndLinks() {
        ping();

        PlaneHost.await(client.plane().down());
        assertThat(PlaneHost.await(client.plane().snapshot()).up()).isFalse();
        PlaneHost.await(client.plane().up());

        ping();
    }

    @Test
    void closesAndReopensALink() {
        ping();

        PlaneHost.await(client.plane().closeLink(LINK));
        PlaneHost.await(client.plane().openLink(link("up0", 0)));
        PlaneHost.await(client.plane().changeLink(LINK, LinkSettings.DEFAULT));

        ping();
    }

    @Test
    void refusesALinkWhoseInterfaceIsGone() {
        assertThatThrownBy(() -> PlaneHost.await(client.plane().openLink(link("nosuch0", 0))))
                .isInstanceOf(LinuxException.class)
                .hasMessage("SO_BINDTODEVICE nosuch0: ENODEV: the interface is gone");
        assertThatThrownBy(() -> PlaneHost.await(client.plane().changeLink(7, LinkSettings.DEFAULT)))
                .hasMessage("no link 7 is open");
    }

    /// The process ends then, and systemd starts a new one.
    @Test
    void breaksWhenItsInterfaceIsDeleted() {
        ping();

        client.run("ip link del onebox0");

        assertThatThrownBy(() -> PlaneHost.await(client.plane().stopped()))
                .hasMessageContaining("EBADFD: the interface was deleted");
        assertThatThrownBy(() -> PlaneHost.await(client.plane().snapshot())).hasMessage("the data plane has stopped");
    }

    @Test
    void stopsInOrder() {
        client.undeploy();

        PlaneHost.await(client.plane().stopped());
        client.run("! ip link show onebox0");
    }

    private void ping() {
        eventually(PATIENCE, () -> client.run("ping -c 3 -i 0.02 -W 1 10.77.0.1"));
    }

    private static LinkSocketConfig link(String boundInterface, int port) {
        var link = new LinkConfig(LINK, "test1", LinkSettings.DEFAULT, true, false, 1_500);
        return new LinkSocketConfig(link, boundInterface, port, 0);
    }

    private static PeerConfig peer(PlaneHost agent, int address, List<Endpoint> endpoints) {
        return new PeerConfig(
                "peer",
                agent.key().publicKey(),
                PresharedKey.NONE,
                List.of(IpPrefix.ofIpv4(address, 32)),
                endpoints,
                BondingMode.AGGREGATE);
    }
}
