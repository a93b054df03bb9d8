package io.onebox.controller.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.onebox.controller.registry.Fleet;
import io.onebox.controller.registry.NodeState;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// What the controller counts of itself. No label has more values than the program has words, so that a fleet of
/// thousands makes no more series than a fleet of two.
public final class ControllerMeters {

    private final MeterRegistry registry;
    private final AtomicInteger audit = new AtomicInteger(1);
    private final AtomicInteger streams = new AtomicInteger();
    private final Timer pushes;
    private final Timer transactions;

    /// @param version of the program
    public ControllerMeters(MeterRegistry registry, String version) {
        this.registry = registry;
        gauge("onebox.controller.build", "version", version, () -> 1);
        gauge("onebox.controller.audit.whole", audit::get);
        gauge("onebox.controller.streams", streams::get);
        this.pushes = timer("onebox.controller.config.push", 100, 1_000, 10_000);
        this.transactions = timer("onebox.controller.database.transaction", 10, 100, 1_000);
    }

    /// Shows a fleet.
    ///
    /// @param connected how many agents are connected
    public void show(Supplier<Fleet> fleet, IntSupplier connected) {
        for (NodeState state : NodeState.values()) {
            gauge(
                    "onebox.controller.agents",
                    "state",
                    state.spelling(),
                    () -> (int) fleet.get().nodes().values().stream()
                            .filter(node -> node.state() == state)
                            .count());
        }
        gauge("onebox.controller.agents.connected", connected::getAsInt);
    }

    /// Shows when there was a backup.
    ///
    /// @param last empty for never
    public void showBackup(Supplier<Optional<Instant>> last) {
        gauge(
                "onebox.controller.backup.timestamp.seconds",
                () -> last.get().map(Instant::getEpochSecond).orElse(0L));
    }

    private void gauge(String name, Supplier<Number> number) {
        Gauge.builder(name, number).strongReference(true).register(registry);
    }

    /// @param bucketsMs so many are counted that took no longer than each of these
    private Timer timer(String name, long... bucketsMs) {
        return Timer.builder(name)
                .serviceLevelObjectives(
                        Arrays.stream(bucketsMs).mapToObj(Duration::ofMillis).toArray(Duration[]::new))
                .register(registry);
    }

    private void gauge(String name, String label, String value, IntSupplier number) {
        Gauge.builder(name, number::getAsInt)
                .tag(label, value)
                .strongReference(true)
                .register(registry);
    }

    /// The audit was read from end to end.
    ///
    /// @param isWhole whether no line was changed or taken out
    public void auditIsWhole(boolean isWhole) {
        audit.set(isWhole ? 1 : 0);
    }

    /// An agent asked to be enrolled.
    public void enrolment(String result) {
        registry.counter("onebox.controller.enrolments", "result", result).increment();
    }

    /// An agent said what became of a configuration.
    public void acknowledged(String state) {
        registry.counter("onebox.controller.config.acks", "state", state).increment();
    }

    /// An agent has answered a configuration.
    ///
    /// @param took since it was sent
    public void pushed(Duration took) {
        pushes.record(took);
    }

    /// A transaction has ended.
    ///
    /// @param tookNs with waiting for those before it
    public void transaction(long tookNs) {
        transactions.record(tookNs, TimeUnit.NANOSECONDS);
    }

    /// A request came with a session or an API token that is none, or none any more.
    ///
    /// @param kind `session` or `token`
    public void unauthenticated(String kind) {
        registry.counter("onebox.controller.unauthenticated", "kind", kind).increment();
    }

    /// A stream was opened.
    public void streamOpened() {
        streams.incrementAndGet();
    }

    /// A stream has ended.
    public void streamClosed() {
        streams.decrementAndGet();
    }

    /// An agent's connection was refused or ended.
    public void refused(String code) {
        registry.counter("onebox.controller.agents.refused", "code", code).increment();
    }

    /// A message of an agent was of a type that this version does not know.
    public void ignored() {
        registry.counter("onebox.controller.agents.ignored").increment();
    }

    /// A stream, or a subscription of one, was refused or ended.
    public void streamRefused(String code) {
        registry.counter("onebox.controller.stream.refused", "code", code).increment();
    }

    /// Somebody tried to log in.
    public void login(String result) {
        registry.counter("onebox.controller.logins", "result", result).increment();
    }

    /// A slow reader of the stream missed a delta.
    public void missed() {
        registry.counter("onebox.controller.stream.missed").increment();
    }

    /// A summary or event was dropped because the disk is slower than agents talk.
    public void dropped() {
        registry.counter("onebox.controller.history.dropped").increment();
    }
}
