package io.onebox.agent;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.onebox.agent.api.RunningAgent;
import io.onebox.agent.api.SocketFile;
import io.onebox.agent.control.ControlFiles;
import io.onebox.agent.control.MarkedTransport;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.linux.LinuxException;
import io.onebox.agent.linux.Signals;
import io.onebox.agent.linux.SystemdNotify;
import io.onebox.agent.route.HostException;
import io.onebox.agent.status.Problem;
import io.onebox.agent.status.Role;
import io.onebox.agent.status.Version;
import io.onebox.agent.verticle.DashboardVerticle;
import io.onebox.agent.verticle.LocalApiVerticle;
import io.onebox.agent.verticle.MetricsVerticle;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.config.ClientConfig;
import io.onebox.shared.config.ConfigError;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.LocalConfig;
import io.onebox.shared.config.LogConfig;
import io.onebox.shared.config.ServerConfig;
import io.onebox.shared.config.TomlDocument;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.log.LogSetup;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /// How often Vert.x looks for an event loop that is stuck: often enough to be in the log, rarely enough to be idle.
    private static final Duration BLOCKED_CHECK = Duration.ofSeconds(10);

    private final Role role;
    private final Path configFile;
    private final @Nullable Path socketOverride;
    private final boolean isVerbose;
    private final Undo undo = new Undo();
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private final CompletableFuture<Runnable> reload = new CompletableFuture<>();
    private final List<Problem> problems = new ArrayList<>();
    private final AtomicBoolean isBeside = new AtomicBoolean();

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
                        .setEventLoopPoolSize(eventLoops())
                        .setBlockedThreadCheckInterval(BLOCKED_CHECK.toMillis())
                        .setMetricsOptions(
                                new MicrometerMetricsOptions().setEnabled(true).setJvmMetricsEnabled(true))
                        .setFileSystemOptions(new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false)))
                .withMetrics(new MicrometerMetricsFactory(registry))
                .withTransport(new MarkedTransport(isBeside))
                .build();
        // Waited for: with event loops in native code the JVM takes 0.3 s to end (docs/decisions/0130).
        undo.add(() -> vertx.close().await());
        undo.add(registry::close);
        Loaded<TomlDocument> document = new ConfigLoader(vertx).load(configFile).await();
        Optional<ControlFiles> controlled = controlled(document);
        if (controlled.isPresent()) {
            control(vertx, document, controlled.get(), registry, messages);
            return;
        }
        LocalConfig local = valid(read(document, this::readLocal), messages);
        TomlDocument whole = valid(document, messages);
        if (role == Role.CLIENT) {
            valid(ClientConfig.read(whole), messages);
        } else {
            valid(ServerConfig.read(whole), messages);
        }
        var assembly = new Assembly(role, vertx, prepare(local), registry, problems, end);
        RunningAgent agent = assembly.assemble(() -> new ConfigLoader(vertx).load(configFile), whole, undo);
        serve(assembly, agent, local);
    }

    /// A server's data plane has one verticle for each processor.
    private int eventLoops() {
        return role == Role.CLIENT
                ? EVENT_LOOPS
                : EVENT_LOOPS + Runtime.getRuntime().availableProcessors() - 1;
    }

    /// The files of an agent that has enrolled. Its configuration file may be missing: everything has a default.
    private Optional<ControlFiles> controlled(Loaded<TomlDocument> document) {
        String directory = document instanceof Loaded.Valid<TomlDocument>(var found)
                ? new JsonObject(found.values()).object("state").text("directory")
                : null;
        boolean isUsable = document instanceof Loaded.Valid || !Files.exists(configFile);
        return Optional.of(ControlFiles.of(
                        directory == null ? LocalConfig.DEFAULT_STATE : Path.of(directory), role.spelling()))
                .filter(files -> isUsable && files.isEnrolled());
    }

    private void control(
            Vertx vertx,
            Loaded<TomlDocument> document,
            ControlFiles files,
            PrometheusMeterRegistry registry,
            PrintWriter messages) {
        LocalConfig local = valid(read(orEmpty(document), this::readLocal), messages);
        var assembly = new Assembly(role, vertx, prepare(local), registry, problems, end);
        var agent = new ControlledAgent(
                assembly, files, () -> new ConfigLoader(vertx).load(configFile).map(this::orEmpty), isBeside);
        undo.add(agent);
        agent.start();
        serve(assembly, agent, local);
    }

    private Loaded<TomlDocument> orEmpty(Loaded<TomlDocument> document) {
        return Files.exists(configFile)
                ? document
                : new Loaded.Valid<>(new TomlDocument(configFile, Map.of(), Map.of()));
    }

    private Loaded<LocalConfig> readLocal(TomlDocument document) {
        return role == Role.CLIENT ? ClientConfig.readLocal(document) : ServerConfig.readLocal(document);
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

    private void serve(Assembly assembly, RunningAgent agent, LocalConfig local) {
        Vertx vertx = assembly.vertx();
        local.metrics().ifPresent(listen -> deploy(vertx, new MetricsVerticle(listen, assembly.registry())));
        deploy(vertx, new LocalApiVerticle(socket(local), agent));
        local.dashboard().ifPresent(listen -> deploy(vertx, new DashboardVerticle(listen, agent)));
        var systemd = new SystemdNotify(assembly.libc(), System.getenv());
        undo.add(systemd::stopping);
        reload.complete(() -> reload(agent, systemd));
        systemd.watchdogNs()
                .ifPresent(ns -> vertx.setPeriodic(
                        Math.max(1, TimeUnit.NANOSECONDS.toMillis(ns) / 2),
                        _ -> agent.read().onSuccess(_ -> systemd.alive())));
        systemd.ready();
        log.info("ready");
    }

    /// Starts what is ended first, as long as the tunnel still carries traffic.
    private void deploy(Vertx vertx, VerticleBase verticle) {
        String id = vertx.deployVerticle(verticle).await();
        undo.add(() -> vertx.undeploy(id).await());
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
