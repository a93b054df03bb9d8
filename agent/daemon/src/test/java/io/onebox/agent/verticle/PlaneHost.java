package io.onebox.agent.verticle;

import io.onebox.agent.dataplane.NanoClock;
import io.onebox.agent.linux.AeadChoice;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.linux.NetworkNamespace;
import io.onebox.engine.noise.PrivateKey;
import io.onebox.engine.session.EngineConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One end of a tunnel: a data plane on an event loop whose thread lives in a network namespace of its own. Several
/// shards share that thread.
final class PlaneHost {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int CLONE_NEWNET = 0x40000000;

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setPreferNativeTransport(true)
            .setEventLoopPoolSize(1)
            .setMaxEventLoopExecuteTime(PATIENCE.toNanos()));
    private final List<Runnable> undo = new ArrayList<>();
    private final Libc libc;
    private final int shards;
    private final PrivateKey key;
    private final DataPlaneSettings settings;
    private @Nullable DataPlane plane;

    PlaneHost(Libc libc, long seed, int shards) {
        this.libc = libc;
        this.shards = shards;
        var random = new Random(seed);
        key = PrivateKey.generate(random);
        var engine = new EngineConfig(
                key, AeadChoice.choose().factory(), random, System.currentTimeMillis() * 1_000_000, random.nextLong());
        settings = new DataPlaneSettings("onebox0", engine, DataPlaneSettings.DEFAULT_PACKETS);
        on(() -> libc.unshare(CLONE_NEWNET));
        run("ip link set lo up");
    }

    Vertx vertx() {
        return vertx;
    }

    PrivateKey key() {
        return key;
    }

    DataPlane plane() {
        if (plane == null) {
            throw new IllegalStateException("not deployed");
        }
        return plane;
    }

    void deploy() {
        plane = await(ShardedDataPlane.deploy(vertx, libc, settings, NanoClock.system(), shards, undo::add));
    }

    void undeploy() {
        undo.reversed().forEach(Runnable::run);
        undo.clear();
    }

    void close() {
        await(vertx.close());
    }

    /// Lays a wire: up0 here with 10.8.0.2, core0 there with 10.8.0.1.
    void connect(PlaneHost server) {
        run("ip link add up0 type veth peer name core0 netns " + server.namespace());
        run("ip addr add 10.8.0.2/24 dev up0; ip link set up0 up");
        server.run("ip addr add 10.8.0.1/24 dev core0; ip link set core0 up");
    }

    /// Runs a command, not on the loop itself, which must answer pings meanwhile, but in its namespace.
    String run(String command) {
        return NetworkNamespace.run("nsenter --net=" + namespace() + " sh -ec '" + command + "'");
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("not within " + PATIENCE, e);
        }
    }

    private String namespace() {
        return "/proc/%d/task/%d/ns/net".formatted(ProcessHandle.current().pid(), on(PlaneHost::threadId));
    }

    /// The kernel's number of the thread that asks.
    private static long threadId() throws IOException {
        // "<pid>/task/<tid>"
        return Long.parseLong(
                Path.of("/proc/thread-self").toRealPath().getFileName().toString());
    }

    private <T> T on(Callable<T> action) {
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
