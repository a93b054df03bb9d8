package io.onebox.agent;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.onebox.agent.api.RunningAgent;
import io.onebox.agent.dataplane.NanoClock;
import io.onebox.agent.link.LinkMonitor;
import io.onebox.agent.linux.AeadChoice;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.metrics.AgentMeters;
import io.onebox.agent.route.HostNetwork;
import io.onebox.agent.route.PolicyRoutes;
import io.onebox.agent.status.Problem;
import io.onebox.agent.status.ProblemKind;
import io.onebox.agent.status.Role;
import io.onebox.agent.status.Version;
import io.onebox.agent.verticle.DataPlane;
import io.onebox.agent.verticle.DataPlaneSettings;
import io.onebox.agent.verticle.LinkMonitorVerticle;
import io.onebox.agent.verticle.ShardedDataPlane;
import io.onebox.engine.noise.PrivateKey;
import io.onebox.engine.path.Shard;
import io.onebox.engine.session.EngineConfig;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.config.ClientConfig;
import io.onebox.shared.config.Identity;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.LocalConfig;
import io.onebox.shared.config.ServerConfig;
import io.onebox.shared.config.TomlDocument;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts an agent together: data plane, links, routes. A controlled agent may be put together several times.
final class Assembly {

    private static final Logger log = LoggerFactory.getLogger(Assembly.class);

    private final Role role;
    private final Vertx vertx;
    private final Libc libc;
    private final PrometheusMeterRegistry registry;
    private final AgentMeters meters;
    private final NanoClock clock = NanoClock.system();
    private final List<Problem> problems;
    private final CompletableFuture<Integer> end;

    /// @param problems to add to
    /// @param end completed if the data plane fails
    Assembly(
            Role role,
            Vertx vertx,
            Libc libc,
            PrometheusMeterRegistry registry,
            List<Problem> problems,
            CompletableFuture<Integer> end) {
        this.role = role;
        this.vertx = vertx;
        this.libc = libc;
        this.registry = registry;
        this.meters = new AgentMeters(registry, Version.current());
        this.problems = problems;
        this.end = end;
    }

    Role role() {
        return role;
    }

    Vertx vertx() {
        return vertx;
    }

    Libc libc() {
        return libc;
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    /// Starts an agent.
    ///
    /// @param documents its configuration, to reload
    /// @param document valid for this role
    /// @param undo takes what must be undone at its end
    RunningAgent assemble(ConfigSource documents, TomlDocument document, Undo undo) {
        return switch (role) {
            case CLIENT -> client(Reload.valid(new Loaded.Valid<>(document), ClientConfig::read), documents, undo);
            case SERVER -> server(Reload.valid(new Loaded.Valid<>(document), ServerConfig::read), documents, undo);
        };
    }

    private RunningAgent client(ClientConfig config, ConfigSource documents, Undo undo) {
        Parts parts = parts(config.local(), config.identity(), config.tunnel().interfaceName(), 1, documents, undo);
        var monitor =
                new LinkMonitorVerticle(new LinkMonitor(libc, ClientAgent.selection(config), PolicyRoutes.SOCKET_MARK));
        String deployment = vertx.deployVerticle(monitor).await();
        undo.add(() -> vertx.undeploy(deployment).await());
        var agent = new ClientAgent(parts, config, monitor, problems);
        undo.add(agent);
        agent.start();
        return agent;
    }

    private RunningAgent server(ServerConfig config, ConfigSource documents, Undo undo) {
        Parts parts = parts(
                config.local(), config.identity(), config.tunnel().interfaceName(), config.shards(), documents, undo);
        var agent = new ServerAgent(parts, config, problems);
        undo.add(agent);
        agent.start();
        return agent;
    }

    private Parts parts(
            LocalConfig local, Identity identity, String tunnel, int shards, ConfigSource documents, Undo undo) {
        HostNetwork host = HostNetwork.open(libc, local.stateDirectory(), role.spelling(), tunnel);
        undo.add(host);
        HandshakeClock handshakes = handshakes(local, tunnel, undo);
        AeadChoice aead = AeadChoice.choose();
        log.atInfo()
                .addKeyValue("cipher", aead.name())
                .addKeyValue("reason", aead.reason())
                .log("cipher chosen");
        Thread.ofPlatform().daemon().name("warm-up").start(aead::warmUp); // While the rest starts.
        var random = new SecureRandom();
        var key = new PrivateKey(identity.privateKey().bytes());
        undo.add(key);
        var engine = new EngineConfig(key, aead.factory(), random, handshakes.wallClockAtZeroNs(), random.nextLong());
        var settings = new DataPlaneSettings(tunnel, engine, DataPlaneSettings.DEFAULT_PACKETS);
        int count = shards == ServerConfig.AUTO_SHARDS
                ? Math.min(Runtime.getRuntime().availableProcessors(), Shard.MAX_COUNT)
                : shards;
        DataPlane dataPlane = ShardedDataPlane.deploy(vertx, libc, settings, clock, count, step -> undo.add(step::run))
                .await();
        dataPlane.stopped().onFailure(_ -> end.complete(ExitCode.FAILURE));
        var thread = new AgentThread(vertx);
        undo.add(thread);
        return new Parts(
                documents,
                vertx,
                thread,
                host,
                dataPlane,
                new Sampler(dataPlane, InstantSource.system()),
                meters,
                undo);
    }

    private HandshakeClock handshakes(LocalConfig local, String tunnel, Undo undo) {
        Path file = local.stateDirectory().resolve("handshake-time-" + role.spelling() + "-" + tunnel);
        var handshakes = HandshakeClock.start(file, InstantSource.system(), clock);
        undo.add(handshakes::close);
        long timer = vertx.setPeriodic(
                HandshakeClock.KEEP_INTERVAL.toMillis(),
                _ -> vertx.executeBlocking(() -> {
                    handshakes.keep();
                    return null;
                }));
        undo.add(() -> vertx.cancelTimer(timer));
        if (handshakes.isClockBehind()) {
            problems.add(Problem.of(
                    ProblemKind.CLOCK_BEHIND,
                    "this machine's clock is %d minutes behind the last handshakes"
                            .formatted(handshakes.behind().toMinutes()),
                    "set the clock, or let NTP do it; the tunnel works meanwhile"));
        }
        return handshakes;
    }
}
