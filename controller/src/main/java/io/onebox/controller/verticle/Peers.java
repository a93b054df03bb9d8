package io.onebox.controller.verticle;

import io.onebox.controller.store.Database;
import io.onebox.controller.store.Database.DatabaseException;
import io.onebox.controller.store.EventLog;
import io.onebox.controller.store.EventLog.Event;
import io.onebox.controller.store.FleetStore;
import io.onebox.controller.store.Presence;
import io.onebox.controller.store.Presence.Beat;
import io.onebox.shared.message.EventKind;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The other nodes of a cluster. The database is the truth; the event bus carries hints that it has changed, and what
/// agents tell of their links, which nobody misses for long. Every node looks into the database every few seconds
/// without any hint, so a bus that is cut or frozen delays and never loses.
public final class Peers extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(Peers.class);

    private static final String CHANGED = "onebox.changed";
    private static final String REPORTS = "onebox.reports";
    private static final String WATCHED = "onebox.watched";

    /// How often hints and reports that have gathered are sent.
    private static final long SEND_MS = 100;

    /// How often the database is looked into at most, and at least.
    private static final long LOOK_MS = 250;

    private static final long LOOK_ANYWAY_MS = 3_000;
    private static final long BEAT_MS = 1_500;

    /// A node whose beats stand still so long is given up. Longer than a transaction waits for a frozen node.
    private static final long DEAD_NS = TimeUnit.SECONDS.toNanos(8);

    /// Reports that wait to be sent; beyond that they are dropped.
    private static final int MAX_WAITING = 5_000;

    private final Presence presence;
    private final String url;
    private final String version;
    private final Database database;
    private final FleetStore store;
    private final AgentSockets sockets;
    private final StreamFeed feed;
    private final AtomicBoolean isHintDue = new AtomicBoolean();
    private final AtomicBoolean isLookDue = new AtomicBoolean(true);
    private final List<Report> reports = new ArrayList<>();
    private final Map<String, Seen> seen = new HashMap<>();
    private volatile Map<String, String> elsewhere = Map.of();
    private volatile Set<String> twins = Set.of();
    private volatile Set<String> dead = Set.of();
    private boolean isLooking;
    private boolean isBeating;
    private long lookedNs;
    private long lastEvent = -1;

    /// The last beat of a node that was new.
    private record Seen(long beats, long atNs) {}

    /// Who this node is.
    ///
    /// @param url where it is reached, for people
    public record Self(Presence presence, String url, String version) {}

    public Peers(Self self, Database database, FleetStore store, AgentSockets sockets, StreamFeed feed) {
        this.presence = self.presence();
        this.url = self.url();
        this.version = self.version();
        this.database = database;
        this.store = store;
        this.sockets = sockets;
        this.feed = feed;
    }

    @Override
    public Future<?> start() {
        var bus = vertx.eventBus();
        bus.<String>consumer(CHANGED, _ -> isLookDue.set(true));
        bus.<String>consumer(
                REPORTS,
                message -> Report.readOthers(message.body(), presence.node())
                        .forEach(report -> feed.take(report.agent(), report.moment())));
        bus.<String>consumer(WATCHED, message -> sockets.watchHere(message.body()));
        feed.tellOthers(this::report, this::hint);
        sockets.whenNotHere(id -> bus.publish(WATCHED, id));
        vertx.setPeriodic(1, SEND_MS, _ -> send());
        vertx.setPeriodic(1, LOOK_MS, _ -> lookIfDue());
        vertx.setPeriodic(1, BEAT_MS, _ -> beat());
        return Future.succeededFuture();
    }

    /// Something has changed in the database: every node looks, this one too.
    public void hint() {
        isHintDue.set(true);
    }

    /// Whether another node that lives has the connection of an agent.
    public boolean isElsewhere(String agent) {
        String node = elsewhere.get(agent);
        return node != null && !dead.contains(node);
    }

    /// Whether two machines have the identity of an agent, each connected to whichever node.
    public boolean isDuplicate(String agent) {
        return twins.contains(agent);
    }

    private void report(Report report) {
        synchronized (reports) {
            if (reports.size() < MAX_WAITING) {
                reports.add(report);
            }
        }
    }

    private void send() {
        if (isHintDue.compareAndSet(true, false)) {
            isLookDue.set(true);
            vertx.eventBus().publish(CHANGED, presence.node());
        }
        List<Report> batch;
        synchronized (reports) {
            batch = List.copyOf(reports);
            reports.clear();
        }
        if (!batch.isEmpty()) {
            vertx.eventBus().publish(REPORTS, Report.write(presence.node(), batch));
        }
    }

    private void beat() {
        if (isBeating) {
            return;
        }
        isBeating = true;
        vertx.executeBlocking(
                        () -> {
                            List<String> here = sockets.ids();
                            return database.transaction(connection -> {
                                boolean isKnown = presence.beat(connection, url, version);
                                if (!isKnown) {
                                    for (String agent : here) {
                                        presence.holds(connection, agent);
                                    }
                                }
                                return isKnown;
                            });
                        },
                        false)
                .onSuccess(isKnown -> {
                    if (!isKnown) {
                        hint();
                    }
                })
                .onFailure(failure -> log.atWarn()
                        .addKeyValue("cause", failure.getMessage())
                        .log("this node could not tell the others that it lives"))
                .onComplete(_ -> isBeating = false);
    }

    private void lookIfDue() {
        boolean isOverdue = System.nanoTime() - lookedNs > TimeUnit.MILLISECONDS.toNanos(LOOK_ANYWAY_MS);
        if (isLooking || !(isLookDue.getAndSet(false) || isOverdue)) {
            return;
        }
        isLooking = true;
        vertx.executeBlocking(this::read, false)
                .onSuccess(this::apply)
                .onFailure(failure -> log.atWarn()
                        .addKeyValue("cause", failure.getMessage())
                        .log("the database could not be looked into"))
                .onComplete(_ -> isLooking = false);
    }

    /// What the database says.
    private record Look(
            Map<String, String> nodes,
            Set<String> twins,
            List<String> waiting,
            List<Beat> beats,
            List<Event> events,
            long lastEvent) {}

    private Look read() {
        store.refresh();
        return database.transaction(connection -> {
            long last = EventLog.last(connection);
            return new Look(
                    Presence.all(connection),
                    Presence.twins(connection),
                    presence.waiting(connection),
                    Presence.beats(connection),
                    lastEvent < 0 ? List.of() : EventLog.after(connection, lastEvent),
                    last);
        });
    }

    private void apply(Look look) {
        lastEvent = look.lastEvent();
        feed.publishEvents(look.events());
        Map<String, String> others = new HashMap<>(look.nodes());
        others.values().removeIf(presence.node()::equals);
        Set<String> before = elsewhere.keySet();
        elsewhere = Map.copyOf(others);
        Set<String> changed = difference(before, others.keySet());
        changed.addAll(difference(twins, look.twins()));
        twins = look.twins();
        Set<String> gone = noticeDead(look.beats());
        others.forEach((agent, node) -> {
            if (gone.contains(node)) {
                changed.add(agent);
            }
        });
        sockets.wake(Set.copyOf(look.waiting()));
        sockets.wake(others.keySet()); // A connection of ours that another node has taken over ends itself.
        changed.forEach(feed::publishAgent);
        gone.forEach(this::bury);
        lookedNs = System.nanoTime();
    }

    /// What is in one of two and not in the other.
    private static Set<String> difference(Set<String> one, Set<String> other) {
        Set<String> all = new HashSet<>(one);
        all.addAll(other);
        all.removeIf(element -> one.contains(element) && other.contains(element));
        return all;
    }

    /// @return the nodes that are given up now
    private Set<String> noticeDead(List<Beat> beats) {
        long now = System.nanoTime();
        if (now - lookedNs > 2 * TimeUnit.MILLISECONDS.toNanos(LOOK_ANYWAY_MS)) {
            seen.clear(); // It was us who was away, or the database: nobody could be seen.
        }
        Set<String> gone = new HashSet<>();
        Set<String> known = new HashSet<>();
        for (Beat beat : beats) {
            known.add(beat.node());
            Seen last = seen.get(beat.node());
            if (last == null || last.beats() != beat.beats()) {
                seen.put(beat.node(), new Seen(beat.beats(), now));
            } else if (!beat.node().equals(presence.node()) && now - last.atNs() > DEAD_NS) {
                gone.add(beat.node());
            }
        }
        seen.keySet().retainAll(known);
        dead = Set.copyOf(gone);
        return gone;
    }

    /// Tells of the agents of a node that is no more. Whichever node does it first does it.
    private void bury(String node) {
        log.atWarn().addKeyValue("node", node).log("another node gives no sign of life; its agents are taken over");
        vertx.executeBlocking(() -> database.transaction(connection -> Presence.remove(connection, node)), false)
                .onSuccess(agents -> {
                    agents.forEach(agent -> feed.onEvent(agent, EventKind.AGENT_OFFLINE, "", "its node is gone", 0));
                    hint();
                })
                .onFailure(failure -> log.atWarn()
                        .addKeyValue("cause", failure.getMessage())
                        .log("a node that is gone could not be removed"));
    }

    /// Says goodbye, so that nobody waits for this node. Blocks.
    public void leave() {
        try {
            database.transaction(connection -> Presence.remove(connection, presence.node()));
        } catch (DatabaseException e) {
            log.atWarn().addKeyValue("cause", e.getMessage()).log("the other nodes will find out by themselves");
        }
    }
}
