package io.onebox.agent;

import io.onebox.agent.api.ApiException;
import io.onebox.agent.api.ApiException.Kind;
import io.onebox.agent.api.LinkChange;
import io.onebox.agent.api.RunningAgent;
import io.onebox.agent.control.ControlFiles;
import io.onebox.agent.control.ControlFiles.Enrolment;
import io.onebox.agent.control.ControllerClient;
import io.onebox.agent.control.PushedDocument;
import io.onebox.agent.control.RotatingKeys;
import io.onebox.agent.control.Telemetry;
import io.onebox.agent.link.EndpointResolver;
import io.onebox.agent.link.NameLookup;
import io.onebox.agent.status.Control;
import io.onebox.agent.status.Reading;
import io.onebox.agent.status.Samples;
import io.onebox.agent.status.Version;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.TomlDocument;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.ConfigState;
import io.onebox.shared.message.SignedConfig;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An agent that a controller configures: it keeps the control channel, and has an agent inside that it starts,
/// changes and stops as it is told. Without the controller it runs on with what it has.
///
/// ```
///            ┌─ not better off before ──────────────────────────────→ applied, kept on disk
/// pushed ─ try ─→ provisional ─ up and connected for a while ───────→ applied, kept on disk
///            │        └── confirm time is over ──────────────────────→ rolled back
///            └─ wrong ──────────────────────────────────────────────→ rejected
/// ```
final class ControlledAgent implements RunningAgent, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ControlledAgent.class);

    /// How long a new configuration must work before it counts: longer than a dead path takes to be noticed.
    private static final Duration SETTLE = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final long NO_TIMER = -1;

    private final Assembly assembly;
    private final ControlFiles files;
    private final LastGood good;
    private final Enrolment enrolment;
    private final ConfigSource local;
    private final AgentThread thread;
    private final Later later;
    private final ControllerClient client;
    private final Telemetry telemetry;
    private volatile @Nullable Inside inside;
    private volatile @Nullable SignedConfig used;
    private volatile String channel = "connecting";
    private volatile @Nullable String reason;
    private volatile @Nullable ConfigState state;
    private long telemetryTimer = NO_TIMER;

    /// The agent inside, how to end it, and what it cannot change while it runs: the server and its own key.
    private record Inside(RunningAgent agent, Undo undo, List<Object> ends) {}

    /// @param local the file on this machine
    /// @param isBeside what the transport asks for each new connection
    ControlledAgent(Assembly assembly, ControlFiles files, ConfigSource local, AtomicBoolean isBeside) {
        this.assembly = assembly;
        this.files = files;
        this.good = new LastGood(files);
        this.enrolment = files.enrolment().orElseThrow();
        this.local = local;
        this.thread = new AgentThread(assembly.vertx());
        this.later = new Later(assembly.vertx(), thread);
        var random = new SecureRandom();
        var resolver = new EndpointResolver(
                List.of(NameLookup.ofThisMachine()), files.directory().resolve("controller-addresses"));
        this.client = new ControllerClient(
                assembly.vertx(),
                new ControllerClient.Who(enrolment, new RotatingKeys(files, enrolment.agentId(), random)),
                random,
                resolver,
                isBeside,
                new Ears());
        this.telemetry = new Telemetry(client::send);
    }

    /// Goes on with the last good configuration, and connects.
    void start() {
        thread.call(() -> {
                    good.read(enrolment).ifPresent(this::resume);
                    return null;
                })
                .await();
        client.start();
        telemetryTimer = assembly.vertx().setPeriodic(Samples.INTERVAL.toMillis(), _ -> tick());
    }

    /// Reads anew: the sample that is kept may be a second old, and what happened in it would be told a second late.
    private void tick() {
        read().onSuccess(telemetry::tick)
                .onFailure(failure -> log.atDebug()
                        .addKeyValue("reason", failure.getMessage())
                        .log("no summary of this second"));
    }

    private void resume(SignedConfig config) {
        try {
            use(config);
            state = ConfigState.APPLIED;
            log.atInfo().addKeyValue("revision", config.revision()).log("last good configuration in use");
        } catch (RuntimeException e) {
            log.atError().addKeyValue("cause", e.getMessage()).log("the last good configuration does not start");
            reason = e.getMessage();
        }
    }

    /// What the control channel tells, on its event loop.
    private final class Ears implements ControllerClient.Listener {
        @Override
        public AgentMessage.Held held() {
            SignedConfig current = used;
            return new AgentMessage.Held(
                    Version.current(), current == null ? 0 : current.revision(), current == null ? "" : current.hash());
        }

        @Override
        public void onState(String next, String why) {
            channel = next;
            reason = why.isEmpty() ? reason : why;
        }

        @Override
        public void onConfig(SignedConfig config) {
            channel = "connected";
            thread.run("take a configuration", () -> take(config));
        }

        @Override
        public void onWatch(int seconds) {
            telemetry.watch(seconds);
        }
    }

    private void take(SignedConfig config) {
        SignedConfig current = used;
        if (!config.isFor(enrolment.agentId(), enrolment.pin())) {
            log.warn("a configuration that our controller did not sign for us is ignored");
            return;
        }
        if (current != null && config.revision() <= current.revision()) {
            answer(config, ConfigState.REJECTED, "older than revision " + current.revision());
            return;
        }
        Optional<PushedDocument> document = PushedDocument.read(config);
        if (document.isEmpty()) {
            answer(config, ConfigState.REJECTED, "not a document this agent understands");
            return;
        }
        later.cancel();
        boolean wasUp = isUp();
        try {
            use(config);
        } catch (RuntimeException e) {
            String why = String.valueOf(e.getMessage());
            putBack();
            answer(config, ConfigState.REJECTED, why);
            return;
        }
        if (!document.get().isEnabled() || !wasUp) {
            keep(config);
            return;
        }
        answer(config, ConfigState.PROVISIONAL, "");
        watch(config, System.nanoTime() + document.get().confirm().toNanos(), Long.MAX_VALUE);
    }

    /// Looks again and again whether the configuration works, until it has for a while or its time is over.
    private void watch(SignedConfig config, long deadlineNs, long wellNs) {
        later.after(LOOK, "watch a configuration", () -> isOnTrial(config), () -> look(config, deadlineNs, wellNs));
    }

    /// @param wellNs since when it works
    private void look(SignedConfig config, long deadlineNs, long wellNs) {
        long nowNs = System.nanoTime();
        boolean isWell = isUp() && client.isConnected();
        long sinceNs = isWell ? Math.min(wellNs, nowNs) : Long.MAX_VALUE;
        if (isWell && nowNs - sinceNs >= SETTLE.toNanos()) {
            keep(config);
        } else if (nowNs - deadlineNs > 0) {
            String why = isUp() ? "the controller was not reached" : "the server was not reached";
            putBack();
            answer(config, ConfigState.ROLLED_BACK, why);
        } else {
            watch(config, deadlineNs, sinceNs);
        }
    }

    private boolean isOnTrial(SignedConfig config) {
        return config.equals(used) && state == ConfigState.PROVISIONAL;
    }

    /// What works counts when it is on the disk; it stays in use until then.
    private void keep(SignedConfig config) {
        Optional<String> problem = good.keep(config);
        if (problem.isEmpty()) {
            reason = null;
            answer(config, ConfigState.APPLIED, "");
            return;
        }
        if (!isOnTrial(config) || !String.valueOf(reason).endsWith(problem.get())) {
            answer(config, ConfigState.PROVISIONAL, problem.get());
        }
        later.after(LastGood.AGAIN, "keep a configuration", () -> isOnTrial(config), () -> keep(config));
    }

    private void putBack() {
        SignedConfig before = good.config();
        used = null;
        try {
            use(before);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("cause", e.getMessage()).log("the configuration before does not start either");
        }
    }

    private void answer(SignedConfig config, ConfigState next, String why) {
        state = next;
        reason = why.isEmpty() ? reason : "revision " + config.revision() + ": " + why;
        log.atInfo()
                .addKeyValue("revision", config.revision())
                .addKeyValue("state", next.spelling())
                .addKeyValue("reason", why)
                .log("configuration");
        client.send(new AgentMessage.Ack(config.revision(), config.hash(), next, why));
    }

    /// Makes the agent inside what a configuration says; none ends it.
    private void use(@Nullable SignedConfig config) {
        used = config;
        Optional<PushedDocument> document = Optional.ofNullable(config).flatMap(PushedDocument::read);
        Inside current = inside;
        if (document.isEmpty() || !document.get().isEnabled()) {
            end();
            return;
        }
        if (current == null) {
            begin(document.get());
            return;
        }
        if (!current.ends().equals(ends(document.get()))) {
            // A session that goes on would hide that nobody answers at the new endpoint.
            end();
            begin(document.get());
            return;
        }
        try {
            current.agent().reload().await();
        } catch (ApiException e) {
            if (e.kind() != Kind.REFUSED) {
                throw e;
            }
            end(); // What changed cannot change while the agent inside runs.
            begin(document.get());
        }
    }

    private void begin(PushedDocument pushed) {
        TomlDocument document = Reload.valid(whole().await(), Loaded.Valid::new);
        var undo = new Undo();
        try {
            inside = new Inside(assembly.assemble(this::whole, document, undo), undo, ends(pushed));
        } catch (RuntimeException e) {
            undo.close();
            throw e;
        }
    }

    private List<Object> ends(PushedDocument document) {
        return List.of(document.server(), files.tunnelKey(document.tunnelKey()));
    }

    private void end() {
        Inside current = inside;
        inside = null;
        telemetry.stopped();
        if (current != null) {
            current.undo().close();
        }
    }

    private Future<Loaded<TomlDocument>> whole() {
        Optional<PushedDocument> document = Optional.ofNullable(used).flatMap(PushedDocument::read);
        return local.load().map(loaded -> switch (loaded) {
            case Loaded.Invalid<TomlDocument> invalid -> invalid;
            case Loaded.Valid<TomlDocument>(TomlDocument file) ->
                document.map(pushed -> pushed.over(file, files.tunnelKey(pushed.tunnelKey())))
                        .orElse(loaded);
        });
    }

    private boolean isUp() {
        Inside current = inside;
        try {
            return current != null && current.agent().read().await().state().equals("up");
        } catch (RuntimeException _) {
            return false; // Its data plane is ending.
        }
    }

    private Optional<RunningAgent> inner() {
        return Optional.ofNullable(inside).map(Inside::agent);
    }

    @Override
    public Future<Reading> read() {
        return inner().map(RunningAgent::read).orElseGet(() -> Future.succeededFuture(lastReading()));
    }

    @Override
    public Reading lastReading() {
        return inner().map(RunningAgent::lastReading).orElseGet(() -> IdleReading.of(assembly.role()));
    }

    @Override
    public Samples samples() {
        return inner().map(RunningAgent::samples).orElseGet(Samples::new);
    }

    @Override
    public Future<Void> changeLink(String name, LinkChange change) {
        return tell(agent -> agent.changeLink(name, change));
    }

    @Override
    public Future<Void> up() {
        return tell(RunningAgent::up);
    }

    @Override
    public Future<Void> down() {
        return tell(RunningAgent::down);
    }

    @Override
    public Future<List<String>> reload() {
        return inner().map(RunningAgent::reload).orElseGet(() -> Future.succeededFuture(List.of()));
    }

    @Override
    public Future<Void> rekey() {
        return client.send(new AgentMessage.KeysWanted())
                ? Future.succeededFuture()
                : Future.failedFuture(new ApiException(Kind.UNAVAILABLE, "the controller is not connected", ""));
    }

    @Override
    public Control control() {
        SignedConfig current = used;
        ConfigState now = state;
        return new Control(
                channel, current == null ? null : current.revision(), now == null ? null : now.spelling(), reason);
    }

    @Override
    public Map<String, @Nullable Object> config() {
        return inner().map(RunningAgent::config)
                .orElseGet(() -> new LinkedHashMap<>(Map.of("schema", "onebox.config/1")));
    }

    private Future<Void> tell(Function<RunningAgent, Future<Void>> what) {
        return inner().map(what)
                .orElseGet(() ->
                        Future.failedFuture(new ApiException(Kind.REFUSED, IdleReading.MESSAGE, IdleReading.HINT)));
    }

    /// Ends the connection and the agent inside.
    @Override
    public void close() {
        assembly.vertx().cancelTimer(telemetryTimer);
        client.close();
        thread.call(() -> {
                    later.cancel();
                    end();
                    return null;
                })
                .await();
        thread.close();
    }
}
