package io.onebox.testbed.fleet;

import io.onebox.agent.control.PinnedRoot;
import io.onebox.shared.identity.EnrolmentToken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.net.TrustOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// Many virtual agents in this process. Ten share an address of 127.0.0.0/8, for a controller lets ten a minute enrol
/// from one.
final class VirtualFleet implements AutoCloseable {

    private static final int AGENTS_PER_ADDRESS = 10;
    private static final int ADDRESSES_PER_NET = 200;

    /// So many enrol side by side: a controller takes them one after the other anyway.
    private static final int AT_ONCE = 20;

    private static final int LOOPS = 2;
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final int IDLE_SECONDS = 90;
    private static final long HANDSHAKE_SECONDS = 30; // As real agents.
    private static final long SUMMARY_MS = 10_000;
    private static final long SECOND_MS = 1_000;
    private static final long PING_MS = 20_000;

    /// Each with an event loop of its own: who connects from outside gets one loop of an instance for everything.
    private final List<Vertx> loops =
            Stream.generate(VirtualFleet::loop).limit(LOOPS).toList();

    private final URI url;
    private final List<VirtualAgent> agents = new ArrayList<>();
    private int addresses;
    private volatile boolean isOver;

    /// @param url of the controller
    VirtualFleet(URI url) {
        this.url = url;
    }

    private static Vertx loop() {
        return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    }

    /// On which watchers can run, too.
    Vertx vertx() {
        return loops.getFirst();
    }

    List<VirtualAgent> agents() {
        return agents;
    }

    /// Adds agents and enrols them.
    ///
    /// @param token has uses for all of them
    /// @return the new ones
    List<VirtualAgent> enrol(int count, EnrolmentToken token, String prefix) {
        List<VirtualAgent> added = new ArrayList<>();
        VirtualAgent.Way way = way(token);
        for (int i = 0; i < count; i++) {
            if (i > 0 && i % AGENTS_PER_ADDRESS == 0) {
                way = way(token);
            }
            var agent = new VirtualAgent(way, prefix + (agents.size() + i));
            added.add(agent);
        }
        for (int from = 0; from < count; from += AT_ONCE) {
            Future.all(added.subList(from, Math.min(count, from + AT_ONCE)).stream()
                            .map(VirtualAgent::enrol)
                            .toList())
                    .await();
        }
        agents.addAll(added);
        return added;
    }

    private VirtualAgent.Way way(EnrolmentToken token) {
        String address = "127.1.%d.%d".formatted(addresses / ADDRESSES_PER_NET, 1 + addresses % ADDRESSES_PER_NET);
        Vertx vertx = loops.get(addresses % LOOPS);
        addresses++;
        TrustOptions trust = TrustOptions.wrap(new PinnedRoot(token.pin()));
        var http = new HttpClientOptions()
                .setSsl(true)
                .setVerifyHost(false)
                .setTrustOptions(trust)
                .setLocalAddress(address)
                .setKeepAliveTimeout(2);
        http.setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
        var sockets = new WebSocketClientOptions()
                .setSsl(true)
                .setVerifyHost(false)
                .setTrustOptions(trust)
                .setLocalAddress(address)
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setIdleTimeout(IDLE_SECONDS);
        sockets.setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
        return new VirtualAgent.Way(
                vertx,
                vertx.createHttpClient(http, new PoolOptions().setHttp1MaxSize(2)),
                vertx.createWebSocketClient(sockets),
                url,
                token,
                () -> isOver);
    }

    /// Connects agents, so many a second, and lets them tell a summary every ten seconds.
    void connect(List<VirtualAgent> some, int perSecond) {
        for (int i = 0; i < some.size(); i++) {
            VirtualAgent agent = some.get(i);
            Vertx vertx = agent.vertx();
            vertx.setTimer(1 + TimeUnit.SECONDS.toMillis(i) / perSecond, _ -> {
                agent.connect();
                vertx.setPeriodic(SUMMARY_MS, _ -> agent.summarise());
                vertx.setPeriodic(SECOND_MS, _ -> agent.tellSecond());
                vertx.setPeriodic(PING_MS, _ -> agent.ping());
            });
        }
    }

    /// How many are connected.
    long connected() {
        return agents.stream().filter(VirtualAgent::isConnected).count();
    }

    /// Waits until it is so.
    ///
    /// @return how long it took, in seconds
    static double await(Duration patience, String what, BooleanSupplier isSo) {
        long beganNs = System.nanoTime();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - beganNs > patience.toNanos()) {
                throw new IllegalStateException(what + " did not come about within " + patience);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return (System.nanoTime() - beganNs) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    @Override
    public void close() {
        isOver = true;
        loops.forEach(vertx -> vertx.close().await());
    }
}
