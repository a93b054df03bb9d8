package io.onebox.agent;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.onebox.agent.api.RunningAgent;
import io.onebox.agent.api.SocketFile;
import io.onebox.agent.dataplane.NanoClock;
import io.onebox.agent.link.LinkMonitor;
import io.onebox.agent.linux.AeadChoice;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.linux.LinuxException;
import io.onebox.agent.linux.Signals;
import io.onebox.agent.linux.SystemdNotify;
import io.onebox.agent.metrics.AgentMeters;
import io.onebox.agent.route.HostException;
import io.onebox.agent.route.HostNetwork;
import io.onebox.agent.route.PolicyRoutes;
import io.onebox.agent.status.Problem;
import io.onebox.agent.status.Problem.Severity;
import io.onebox.agent.status.Role;
import io.onebox.agent.status.Version;
import io.onebox.agent.verticle.DataPlaneSettings;
import io.onebox.agent.verticle.DataPlaneVerticle;
import io.onebox.agent.verticle.LinkMonitorVerticle;
import io.onebox.agent.verticle.LocalApiVerticle;
import io.onebox.agent.verticle.MetricsVerticle;
import io.onebox.engine.noise.PrivateKey;
import io.onebox.engine.session.EngineConfig;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.config.ClientConfig;
import io.onebox.shared.config.ConfigError;
import io.onebox.shared.config.Identity;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.LocalConfig;
import io.onebox.shared.config.LogConfig;
import io.onebox.shared.config.ServerConfig;
import io.onebox.shared.config.TomlDocument;
import io.onebox.shared.log.LogSetup;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The agent: reads its configuration, builds its objects, deploys its verticles, and ends with an exit code.
public final class Agent {

    private static final Logger log = LoggerFactory.getLogger(Agent.class);

    /// MTU of the TUN device until the paths are measured: the least that IPv6 allows (RFC 8200, section 5).
    static final int FIRST_MTU = 1280;

    /// One for each verticle, so that nothing shares the data plane's; those unused cost nothing.
    private static final int EVENT_LOOPS = 8;

    private final Role role;
    private final Path configFile;
    private final @Nullable Path socketOverride;
    private final boolean isVerbose;
    private final Undo undo = new Undo();
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private final CompletableFuture<Runnable> reload = new CompletableFuture<>();
    private final List<Problem> problems = new ArrayList<>();

    private Agent(Role role, Path configFile, @Nullable Path socketOverride, boolean isVerbose) {
        this.role = role;
        this.configFile = configFile;
        this.socketOverride = socketOverride;
        this.isVerbose = isVerbose;
    }

    /// Runs until a signal or a failure ends it.
    ///
    /// @param socket instead of the configured one, or `null`
    /// @param messages where to say why it cannot run
    /// @return an exit code of [ExitCode]
    public static int run(Role role, Path configFile, @Nullable Path socket, boolean isVerbose, PrintWriter messages) {
        LogSetup.apply(new LogConfig(LogConfig.Level.WARN, LogConfig.Format.TEXT));
        var agent = new Agent(role, configFile, socket, isVerbose);
        try {
            agent.obeySignals();
            agent.start(messages);
            return agent.end.join();
        } catch (StartFailure e) {
            return complain(messages, role, e, e.exitCode());
        } catch (LinuxException e) {
            return complain(messages, role, e, exitCode(e));
        } catch (HostException | IllegalStateException e) {
            return complain(messages, role, e, ExitCode.FAILURE);
        } finally {
            agent.undo.close();
        }
    }

    private static int exitCode(LinuxException failure) {
        if (failure.isPermission()) {
            return ExitCode.PERMISSION;
        }
        return failure.isMissing() ? ExitCode.UNAVAILABLE : ExitCode.FAILURE;
    }

    private static int complain(PrintWriter messages, Role role, RuntimeException failure, int exitCode) {
        messages.println(role.program() + ": " + failure.getMessage());
        messages.flush();
        return exitCode;
    }

    /// From here on a signal ends or reloads the agent in good order: one that comes too early waits until it serves.
    private void obeySignals() {
        Signals.onHangup(() -> {
            var _ = reload.thenAccept(Runnable::run);
        });
        Signals.onTerminate(() -> end.complete(ExitCode.OK));
        Signals.onInterrupt(() -> end.complete(ExitCode.INTERRUPTED));
    }

    private void start(PrintWriter messages) {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setPreferNativeTransport(true)
                        .setEventLoopPoolSize(EVENT_LOOPS)
                        .setMetricsOptions(
                                new MicrometerMetricsOptions().setEnabled(true).setJvmMetricsEnabled(true))
                        .setFileSystemOptions(new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false)))
                .withMetrics(new MicrometerMetricsFactory(registry))
                .build();
        undo.add(() -> vertx.close().await());
        undo.add(registry::close);
        Loaded<TomlDocument> document = new ConfigLoader(vertx).load(configFile).await();
        switch (role) {
            case CLIENT -> {
                ClientConfig config = valid(read(document, ClientConfig::read), messages);
                Libc libc = prepare(config.local());
                client(vertx, libc, config, registry);
            }
            case SERVER -> {
                ServerConfig config = valid(read(document, ServerConfig::read), messages);
                Libc libc = prepare(config.local());
                server(vertx, libc, config, registry);
            }
        }
    }

    private static <T> Loaded<T> read(
            Loaded<TomlDocument> document, java.util.function.Function<TomlDocument, Loaded<T>> read) {
        return switch (document) {
            case Loaded.Invalid<TomlDocument>(var errors) -> new Loaded.Invalid<>(errors);
            case Loaded.Valid<TomlDocument>(var found) -> read.apply(found);
        };
    }

    private static <T> T valid(Loaded<T> loaded, PrintWriter messages) {
        return switch (loaded) {
            case Loaded.Valid<T>(T config) -> config;
            case Loaded.Invalid<T>(List<ConfigError> errors) -> {
                errors.forEach(messages::println);
                throw new StartFailure(
                        ExitCode.CONFIGURATION,
                        (errors.size() == 1 ? "an error" : errors.size() + " errors")
                                + " in the configuration; mend it and start again");
            }
        };
    }

    /// Looks before anything on the host is touched.
    private Libc prepare(LocalConfig local) {
        LogConfig.Level level = isVerbose ? LogConfig.Level.DEBUG : local.log().level();
        LogSetup.apply(new LogConfig(level, local.log().format()));
        Privileges.check();
        new SocketFile(socket(local)).prepare();
        log.atInfo()
                .addKeyValue("version", Version.current())
                .addKeyValue("role", role.spelling())
                .addKeyValue("config", configFile)
                .log("starting");
        return Libc.load();
    }

    private void client(Vertx vertx, Libc libc, ClientConfig config, PrometheusMeterRegistry registry) {
        Parts parts = parts(
                vertx, libc, config.local(), config.identity(), config.tunnel().interfaceName(), registry);
        var monitor =
                new LinkMonitorVerticle(new LinkMonitor(libc, ClientAgent.selection(config), PolicyRoutes.SOCKET_MARK));
        vertx.deployVerticle(monitor).await();
        var agent = new ClientAgent(parts, config, monitor, problems);
        undo.add(agent);
        agent.start();
        serve(parts, libc, agent, config.local(), registry);
    }

    private void server(Vertx vertx, Libc libc, ServerConfig config, PrometheusMeterRegistry registry) {
        Parts parts = parts(
                vertx, libc, config.local(), config.identity(), config.tunnel().interfaceName(), registry);
        var agent = new ServerAgent(parts, config, problems);
        undo.add(agent);
        agent.start();
        serve(parts, libc, agent, config.local(), registry);
    }

    private Parts parts(
            Vertx vertx,
            Libc libc,
            LocalConfig local,
            Identity identity,
            String tunnel,
            PrometheusMeterRegistry registry) {
        NanoClock clock = NanoClock.system();
        HostNetwork host = HostNetwork.open(libc, local.stateDirectory(), role.spelling(), tunnel);
        undo.add(host);
        HandshakeClock handshakes = handshakes(vertx, local, tunnel, clock);
        AeadChoice aead = AeadChoice.choose();
        log.atInfo()
                .addKeyValue("cipher", aead.name())
                .addKeyValue("reason", aead.reason())
                .log("cipher chosen");
        aead.warmUp();
        var random = new SecureRandom();
        var key = new PrivateKey(identity.privateKey().bytes());
        undo.add(key);
        var engine = new EngineConfig(key, aead.factory(), random, handshakes.wallClockAtZeroNs(), random.nextLong());
        var dataPlane = new DataPlaneVerticle(
                libc, new DataPlaneSettings(tunnel, engine, DataPlaneSettings.DEFAULT_PACKETS), clock);
        String deployment = vertx.deployVerticle(dataPlane).await();
        undo.add(() -> vertx.undeploy(deployment).await());
        dataPlane.stopped().onFailure(_ -> end.complete(ExitCode.FAILURE));
        var thread = new AgentThread(vertx);
        undo.add(thread);
        return new Parts(
                configFile,
                vertx,
                thread,
                host,
                dataPlane,
                new Sampler(dataPlane, InstantSource.system()),
                new AgentMeters(registry, Version.current()));
    }

    private HandshakeClock handshakes(Vertx vertx, LocalConfig local, String tunnel, NanoClock clock) {
        Path file = local.stateDirectory().resolve("handshake-time-" + role.spelling() + "-" + tunnel);
        var handshakes = HandshakeClock.start(file, InstantSource.system(), clock);
        undo.add(handshakes::close);
        vertx.setPeriodic(
                HandshakeClock.KEEP_INTERVAL.toMillis(),
                _ -> vertx.executeBlocking(() -> {
                    handshakes.keep();
                    return null;
                }));
        if (handshakes.isClockBehind()) {
            problems.add(Problem.of(
                    "clock.behind",
                    Severity.WARNING,
                    "this machine's clock is %d minutes behind the last handshakes"
                            .formatted(handshakes.behind().toMinutes()),
                    "set the clock, or let NTP do it; the tunnel works meanwhile"));
        }
        return handshakes;
    }

    private void serve(
            Parts parts, Libc libc, RunningAgent agent, LocalConfig local, PrometheusMeterRegistry registry) {
        Vertx vertx = parts.vertx();
        local.metrics()
                .ifPresent(listen -> vertx.deployVerticle(new MetricsVerticle(listen, registry))
                        .await());
        vertx.deployVerticle(new LocalApiVerticle(socket(local), agent)).await();
        var systemd = new SystemdNotify(libc, System.getenv());
        undo.add(systemd::stopping);
        reload.complete(() -> reload(agent, systemd));
        systemd.watchdogNs()
                .ifPresent(ns -> vertx.setPeriodic(
                        Math.max(1, TimeUnit.NANOSECONDS.toMillis(ns) / 2),
                        _ -> parts.dataPlane().snapshot().onSuccess(_ -> systemd.alive())));
        systemd.ready();
        log.info("ready");
    }

    private static void reload(RunningAgent agent, SystemdNotify systemd) {
        systemd.reloading(TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
        agent.reload()
                .onSuccess(
                        changes -> log.atInfo().addKeyValue("changed", changes).log("configuration reloaded"))
                .onFailure(failure -> log.atError()
                        .addKeyValue("reason", failure.getMessage())
                        .log("configuration not reloaded"))
                .onComplete(_ -> systemd.ready());
    }

    private Path socket(LocalConfig local) {
        return socketOverride == null ? local.socket() : socketOverride;
    }
}
