package io.onebox.agent.verticle;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.agent.dataplane.DataPlaneSnapshot;
import io.onebox.agent.dataplane.LinkSocketConfig;
import io.onebox.agent.dataplane.NanoClock;
import io.onebox.agent.linux.AeadChoice;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.linux.LinuxException;
import io.onebox.agent.linux.NetworkNamespace;
import io.onebox.engine.noise.PresharedKey;
import io.onebox.engine.noise.PrivateKey;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.IpPrefix;
import io.onebox.engine.path.BondingMode;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.session.EngineConfig;
import io.onebox.engine.session.LinkConfig;
import io.onebox.engine.session.PeerConfig;
import io.onebox.engine.session.SessionEvent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int SERVER_OUTSIDE = 0x0a080001;
    private static final int SERVER_INSIDE = 0x0a4d0001;
    private static final int CLIENT_INSIDE = 0x0a4d0002;
    private static final int PORT = 51_820;
    private static final int LINK = 1;

    private final Libc libc = Libc.load();
    private final AeadChoice aead = AeadChoice.choose();
    private final Agent client = new Agent(1);
    private final Agent server = new Agent(2);
    private final List<SessionEvent> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void connects() {
        long serverThread = server.on(ProcessThread::id);
        client.run("ip link add up0 type veth peer name core0 netns /proc/"
                + ProcessHandle.current().pid() + "/task/" + serverThread + "/ns/net");
        client.run("ip addr add 10.8.0.2/24 dev up0; ip link set up0 up");
        server.run("ip addr add 10.8.0.1/24 dev core0; ip link set core0 up");
        client.plane.onEvent(client.vertx.getOrCreateContext(), events::add);
        await(client.deploy());
        await(server.deploy());
        client.run("ip addr add 10.77.0.2/24 dev onebox0; ip link set onebox0 up");
        server.run("ip addr add 10.77.0.1/24 dev onebox0; ip link set onebox0 up");
        await(server.plane.openLink(link("", PORT)));
        await(server.plane.putPeer(peer(client, CLIENT_INSIDE, List.of())));
        await(client.plane.putPeer(peer(server, SERVER_INSIDE, List.of(Endpoint.ofIpv4(SERVER_OUTSIDE, PORT)))));
        await(client.plane.openLink(link("up0", 0)));
    }

    @AfterEach
    void closes() {
        await(client.vertx.close());
        await(server.vertx.close());
    }

    @Test
    void carriesPingsAndTellsOfIt() {
        ping();

        DataPlaneSnapshot snapshot = await(client.plane.snapshot());
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

        await(client.plane.down());
        assertThat(await(client.plane.snapshot()).up()).isFalse();
        await(client.plane.up());

        ping();
    }

    @Test
    void closesAndReopensALink() {
        ping();

        await(client.plane.closeLink(LINK));
        await(client.plane.openLink(link("up0", 0)));
        await(client.plane.changeLink(LINK, LinkSettings.DEFAULT));

        ping();
    }

    @Test
    void refusesALinkWhoseInterfaceIsGone() {
        assertThatThrownBy(() -> await(client.plane.openLink(link("nosuch0", 0))))
                .isInstanceOf(LinuxException.class)
                .hasMessage("SO_BINDTODEVICE nosuch0: ENODEV: the interface is gone");
        assertThatThrownBy(() -> await(client.plane.changeLink(7, LinkSettings.DEFAULT)))
                .hasMessage("no link 7 is open");
    }

    /// The process ends then, and systemd starts a new one.
    @Test
    void breaksWhenItsInterfaceIsDeleted() {
        ping();

        client.run("ip link del onebox0");

        assertThatThrownBy(() -> await(client.plane.stopped()))
                .hasMessageContaining("EBADFD: the interface was deleted");
        assertThatThrownBy(() -> await(client.plane.snapshot())).hasMessage("the data plane has stopped");
    }

    @Test
    void stopsInOrder() {
        await(client.vertx.undeploy(client.deploymentId));

        await(client.plane.stopped());
        client.run("! ip link show onebox0");
    }

    private void ping() {
        eventually(PATIENCE, () -> client.run("ping -c 3 -i 0.02 -W 1 10.77.0.1"));
    }

    private static LinkSocketConfig link(String boundInterface, int port) {
        var link = new LinkConfig(LINK, "test1", LinkSettings.DEFAULT, true, false, 1_500);
        return new LinkSocketConfig(link, boundInterface, port, 0);
    }

    private static PeerConfig peer(Agent agent, int address, List<Endpoint> endpoints) {
        return new PeerConfig(
                "peer",
                agent.key.publicKey(),
                PresharedKey.NONE,
                List.of(IpPrefix.ofIpv4(address, 32)),
                endpoints,
                BondingMode.AGGREGATE);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("not within " + PATIENCE, e);
        }
    }

    /// One end of the tunnel: an event loop whose thread lives in its own namespace.
    private final class Agent {

        final Vertx vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(1)
                .setMaxEventLoopExecuteTime(PATIENCE.toNanos()));
        final PrivateKey key;
        final DataPlaneVerticle plane;
        String deploymentId = "";

        Agent(long seed) {
            var random = new Random(seed);
            key = PrivateKey.generate(random);
            var engine = new EngineConfig(
                    key, aead.factory(), random, System.currentTimeMillis() * 1_000_000, random.nextLong());
            var settings = new DataPlaneSettings("onebox0", engine, DataPlaneSettings.DEFAULT_PACKETS);
            plane = new DataPlaneVerticle(libc, settings, NanoClock.system());
            on(() -> libc.unshare(CLONE_NEWNET));
            run("ip link set lo up");
        }

        Future<String> deploy() {
            return vertx.deployVerticle(plane).onSuccess(id -> deploymentId = id);
        }

        String run(String command) {
            // Not on the loop itself, which must answer pings meanwhile, but in its namespace.
            long thread = on(ProcessThread::id);
            return NetworkNamespace.run("nsenter --net=/proc/"
                    + ProcessHandle.current().pid() + "/task/" + thread + "/ns/net sh -ec '" + command + "'");
        }

        <T> T on(Callable<T> action) {
            Promise<T> promise = Promise.promise();
            vertx.runOnContext(_ -> {
                try {
                    promise.complete(action.call());
                } catch (Exception e) {
                    promise.fail(e);
                }
            });
            return await(promise.future());
        }
    }

    /// The kernel's number of a thread.
    private static final class ProcessThread {
        static long id() throws IOException {
            // "<pid>/task/<tid>"
            return Long.parseLong(
                    Path.of("/proc/thread-self").toRealPath().getFileName().toString());
        }
    }
}
