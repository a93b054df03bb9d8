package io.onebox.controller;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.onebox.controller.api.AgentJson;
import io.onebox.controller.api.ApiRouter;
import io.onebox.controller.api.Proxies;
import io.onebox.controller.api.Repeats;
import io.onebox.controller.auth.Accounts;
import io.onebox.controller.auth.Passwords;
import io.onebox.controller.auth.Refusals;
import io.onebox.controller.auth.SetUp;
import io.onebox.controller.auth.Users;
import io.onebox.controller.enrol.EnrolTokens;
import io.onebox.controller.enrol.Enrolment;
import io.onebox.controller.enrol.PendingApprovals;
import io.onebox.controller.metrics.ControllerMeters;
import io.onebox.controller.registry.Fleet;
import io.onebox.controller.stats.History;
import io.onebox.controller.stats.LiveStats;
import io.onebox.controller.store.AuditLog;
import io.onebox.controller.store.ConfigRevisions;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.FleetStore;
import io.onebox.controller.store.Presence;
import io.onebox.controller.trust.ControllerKeys;
import io.onebox.controller.trust.StateFiles;
import io.onebox.controller.verticle.AgentSocket;
import io.onebox.controller.verticle.AgentSockets;
import io.onebox.controller.verticle.Door;
import io.onebox.controller.verticle.FreshCertificate;
import io.onebox.controller.verticle.Identities;
import io.onebox.controller.verticle.MetricsVerticle;
import io.onebox.controller.verticle.Patience;
import io.onebox.controller.verticle.Peers;
import io.onebox.controller.verticle.PortVerticle;
import io.onebox.controller.verticle.StreamFeed;
import io.onebox.controller.webhook.Deliveries;
import io.onebox.controller.webhook.Webhooks;
import io.onebox.shared.config.ControllerConfig;
import io.onebox.shared.identity.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// A controller node: its objects, put together.
public final class Controller implements AutoCloseable {

    /// How often agents that wait are looked through, and the audit is read.
    private static final Duration UPKEEP = Duration.ofHours(1);

    /// How often events that wait for webhooks are looked for.
    private static final Duration DELIVERY = Duration.ofSeconds(1);

    /// How often configurations that wait are made, if making them is quick.
    private static final Duration CATCH_UP = Duration.ofMillis(100);

    private static final int NODE_ID_LENGTH = 8;

    private final ControllerConfig config;
    private final Database database;
    private final ControllerKeys keys;
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock = InstantSource.system();
    private final AuditLog audit = new AuditLog(clock);
    private final Refusals refusals;
    private final Proxies proxies;
    private final Door door;
    private volatile Optional<Peers> peers = Optional.empty();

    private Controller(ControllerConfig config, Database database) {
        this.config = config;
        this.database = database;
        this.refusals = new Refusals(database, audit, clock);
        this.proxies = new Proxies(config.trustedProxies());
        this.door = new Door(proxies::isTrusted);
        this.keys = ControllerKeys.read(new StateFiles(config.stateDirectory()), database, random);
    }

    /// The database and keys that `init` made.
    ///
    /// @throws StateFiles.StateException if it has not, or the tables are of another version
    public static Controller open(ControllerConfig config) {
        var files = new StateFiles(config.stateDirectory());
        if (!Files.exists(files.masterKey()) || !Database.exists(config.database())) {
            throw new StateFiles.StateException(
                    "there is no controller in " + files.directory() + " yet; run: onebox-controller init");
        }
        Database database = Database.open(config.database());
        try {
            if (database.pending() > 0) {
                throw new StateFiles.StateException(
                        "the database is of an older version; run: onebox-controller migrate");
            }
            return new Controller(config, database);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /// Makes database and keys.
    public static ControllerKeys init(ControllerConfig config) {
        var files = new StateFiles(config.stateDirectory());
        files.create();
        try (Database database = Database.open(config.database())) {
            database.migrate();
            if (database.isInUse()) {
                throw new StateFiles.StateException("the database " + config.database()
                        + " has the keys of a controller already, and it is left as it is; to add a node, take a"
                        + " backup on the first and restore it here");
            }
            ControllerKeys made = ControllerKeys.create(
                    files, database, new SecureRandom(), InstantSource.system().instant());
            files.giveToOwner(config.database());
            return made;
        }
    }

    /// The version of the program.
    public static String version() {
        String version = Controller.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /// Users and their ways in.
    public Accounts accounts() {
        return new Accounts(database, audit, new Passwords(random), random, clock);
    }

    /// How the first user comes.
    public SetUp setUp() {
        return setUp(accounts());
    }

    private SetUp setUp(Accounts accounts) {
        return new SetUp(database, accounts, random, clock);
    }

    /// Invitations for agents.
    public EnrolTokens enrolTokens() {
        return new EnrolTokens(database, audit, keys.master(), random, clock, refusals);
    }

    /// Where agents find this controller.
    public EnrolTokens.Place place() {
        return new EnrolTokens.Place(
                keys.root().fingerprint(), config.tls() != ControllerConfig.Tls.INTERNAL, config.urls());
    }

    /// The keys.
    public ControllerKeys keys() {
        return keys;
    }

    /// The database.
    public Database database() {
        return database;
    }

    /// The transport of the Vert.x that serves.
    public Door door() {
        return door;
    }

    /// Serves until Vert.x is closed.
    ///
    /// @param vertx with the transport [#door]
    /// @param registry to be shown on `[metrics] listen`
    /// @return when the port is open
    public Future<?> serve(Vertx vertx, PrometheusMeterRegistry registry) {
        return serve(vertx, registry, Patience.USUAL);
    }

    /// The same with another patience of the port.
    Future<?> serve(Vertx vertx, PrometheusMeterRegistry registry, Patience patience) {
        var revisions = new ConfigRevisions(clock);
        var store = new FleetStore(database, audit, revisions, Fleet.empty(config.networks()));
        var history = new History(config.stateDirectory().resolve("history"));
        var live = new LiveStats();
        var sockets = new AgentSockets(vertx, patience);
        ControllerMeters meters = meters(registry, store, sockets);
        var presence = new Presence(
                Bytes.random(random, NODE_ID_LENGTH).hex(), config.cluster().isPresent());
        AgentJson agents = agentJson(live, sockets);
        var feed = new StreamFeed(vertx, new StreamFeed.Stores(store, database, history, live), agents, meters, clock);
        var self = new Peers.Self(presence, config.urls().getFirst().toString(), version());
        peers = config.cluster().map(_ -> new Peers(self, database, store, sockets, feed));
        Runnable hint = peers.<Runnable>map(others -> others::hint).orElse(() -> {});
        store.onChange(ids -> {
            sockets.wake(ids);
            feed.onChange(ids);
            hint.run();
        });
        EnrolTokens tokens = enrolTokens();
        var pending = new PendingApprovals(database, store, clock);
        again(vertx, UPKEEP, () -> {
            meters.auditIsWhole(AuditLog.isWhole(database));
            return pending.expire();
        });
        var webhooks = new Webhooks(database, audit, keys.master(), random, clock);
        again(vertx, DELIVERY, new Deliveries(webhooks, database, clock)::send);
        again(vertx, CATCH_UP, store::catchUp);
        Accounts accounts = accounts();
        var api = new ApiRouter(
                        vertx,
                        accounts,
                        proxies,
                        new Repeats(database, new Repeats.Seal(keys.master()::seal, keys.master()::open), clock),
                        new ApiRouter.Told(refusals, meters),
                        peers.<Runnable>map(_ -> store::refresh).orElse(() -> {}))
                .access(setUp(accounts), database)
                .users(new Users(database, audit, clock))
                .fleet(store, database, tokens, place(), agents)
                .stats(store, database, history, clock)
                .webhooks(webhooks);
        var stores =
                new AgentSocket.Stores(store, new Identities(database, store, keys, clock), revisions, presence, hint);
        var parts = new PortVerticle.Parts(
                keys,
                new Enrolment(keys, tokens, store, pending, random, clock),
                api,
                sockets.shared(keys, database, stores, feed, meters),
                sockets.streams(accounts, feed, meters),
                random,
                clock,
                door);
        return vertx.deployVerticle(new PortVerticle(config.listen(), certificate(), proxies, parts))
                .compose(deployed -> peers.map(vertx::deployVerticle).orElse(Future.succeededFuture(deployed)))
                .compose(deployed -> config.metrics()
                        .map(listen -> vertx.deployVerticle(new MetricsVerticle(listen, registry)))
                        .orElse(Future.succeededFuture(deployed)));
    }

    private ControllerMeters meters(PrometheusMeterRegistry registry, FleetStore store, AgentSockets sockets) {
        var meters = new ControllerMeters(registry, version());
        meters.show(store::fleet, sockets::count);
        meters.showBackup(new Backup(config)::last);
        database.onTransaction(meters::transaction);
        door.onRefused(() -> meters.refused("too_many_connections"));
        return meters;
    }

    /// How an agent is told, with what any node knows of it.
    private AgentJson agentJson(LiveStats live, AgentSockets sockets) {
        return new AgentJson(
                live,
                id -> sockets.isConnected(id) || isElsewhere(id),
                id -> peers.map(others -> others.isDuplicate(id)).orElseGet(() -> sockets.isDuplicate(id)));
    }

    /// Does something again and again, never twice at once.
    private static void again(Vertx vertx, Duration pause, Callable<?> work) {
        var isWorking = new AtomicBoolean();
        vertx.setPeriodic(pause.toMillis(), _ -> {
            if (isWorking.compareAndSet(false, true)) {
                try {
                    vertx.executeBlocking(work, false).onComplete(_ -> isWorking.set(false));
                } catch (RejectedExecutionException _) {
                    isWorking.set(false); // It is being stopped.
                }
            }
        });
    }

    private Optional<FreshCertificate> certificate() {
        return switch (config.tls()) {
            case INTERNAL ->
                Optional.of(FreshCertificate.made(
                        now -> keys.portCertificate(hosts(), random, now), ControllerKeys.PORT_LIFE, clock));
            case FILES ->
                config.certificate().map(files -> FreshCertificate.inFiles(files.certificateFile(), files.keyFile()));
            case PROXY -> Optional.empty();
        };
    }

    private Set<String> hosts() {
        Set<String> hosts = new HashSet<>(List.of("localhost", "127.0.0.1", "::1"));
        config.urls().stream()
                .map(URI::getHost)
                .map(host -> host.startsWith("[") ? host.substring(1, host.length() - 1) : host)
                .forEach(hosts::add);
        return hosts;
    }

    private boolean isElsewhere(String agent) {
        return peers.filter(others -> others.isElsewhere(agent)).isPresent();
    }

    @Override
    public void close() {
        peers.ifPresent(Peers::leave);
        database.close();
    }
}
