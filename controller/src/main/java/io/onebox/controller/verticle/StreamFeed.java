package io.onebox.controller.verticle;

import io.onebox.controller.api.AgentJson;
import io.onebox.controller.metrics.ControllerMeters;
import io.onebox.controller.registry.Fleet;
import io.onebox.controller.registry.Node;
import io.onebox.controller.stats.History;
import io.onebox.controller.stats.LiveStats;
import io.onebox.controller.stats.LiveStats.Moment;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.EventLog;
import io.onebox.controller.store.EventLog.Event;
import io.onebox.controller.store.FleetStore;
import io.onebox.shared.json.Json;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.EventKind;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.channels.ClosedByInterruptException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Takes what agents tell of themselves, keeps it, and publishes it on the event bus for whoever has subscribed. What
/// is written to disk goes through one thread and a queue of bounded length. May be used from any thread.
public final class StreamFeed {

    private static final Logger log = LoggerFactory.getLogger(StreamFeed.class);

    /// Summaries and events that wait for the disk; beyond that they are dropped.
    private static final int MAX_WAITING = 10_000;

    /// How often events are written, all that came meanwhile together.
    static final long EVENTS_MS = 200;

    private static final int RECENT_EVENTS = 50;

    /// How long an agent is asked for a sample a second; asked again before that.
    static final int WATCH_SECONDS = 30;

    private final Vertx vertx;
    private final FleetStore store;
    private final Database database;
    private final History history;
    private final LiveStats live;
    private final AgentJson agents;
    private final ControllerMeters meters;
    private final InstantSource clock;
    private final WorkerExecutor disk;
    private final AtomicInteger waiting = new AtomicInteger();
    private final List<Event> events = new ArrayList<>();
    private volatile Consumer<Report> others = _ -> {};
    private volatile Consumer<List<Event>> written = this::publishEvents;

    /// What it keeps things in.
    public record Stores(FleetStore fleet, Database database, History history, LiveStats live) {}

    public StreamFeed(Vertx vertx, Stores stores, AgentJson agents, ControllerMeters meters, InstantSource clock) {
        this.vertx = vertx;
        this.store = stores.fleet();
        this.database = stores.database();
        this.history = stores.history();
        this.live = stores.live();
        this.agents = agents;
        this.meters = meters;
        this.clock = clock;
        this.disk = vertx.createSharedWorkerExecutor("onebox-history", 1);
    }

    /// Tells the other nodes too.
    ///
    /// @param report what an agent of this node said
    /// @param look called when events were written, which then come to [#publishEvents] with those of other nodes
    void tellOthers(Consumer<Report> report, Runnable look) {
        others = report;
        written = _ -> look.run();
    }

    /// Takes statistics of an agent of this node.
    void onStats(String agent, AgentMessage.Stats stats) {
        var moment = new Moment(clock.instant(), stats.seconds(), stats.links());
        others.accept(new Report(agent, moment));
        take(agent, moment);
    }

    /// Takes statistics: a summary is kept, a second is only shown.
    void take(String agent, Moment moment) {
        publish(new StreamTopic.Live(agent), AgentJson.moment(moment));
        if (moment.seconds() == 1) {
            return;
        }
        live.add(agent, moment);
        publishAgent(agent);
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            meters.dropped();
            return;
        }
        disk.executeBlocking(() -> {
                    history.add(agent, moment.time(), new AgentMessage.Stats(moment.seconds(), moment.links()));
                    return true;
                })
                .onComplete(_ -> waiting.decrementAndGet())
                .onFailure(failure -> log.atLevel(isEnding(failure) ? Level.DEBUG : Level.ERROR)
                        .setCause(failure)
                        .log("a summary was not kept"));
    }

    /// Whether the controller is being stopped, which interrupts what writes.
    private static boolean isEnding(Throwable failure) {
        return failure.getCause() instanceof ClosedByInterruptException;
    }

    /// Takes news of an agent.
    void onEvent(String agent, EventKind kind, String link, String detail, int secondsAgo) {
        var event = new Event(0, clock.instant().minusSeconds(secondsAgo), agent, kind, link, detail);
        synchronized (events) {
            if (events.size() < MAX_WAITING) {
                events.add(event);
            } else {
                meters.dropped();
            }
        }
    }

    /// Writes the events that have come.
    void writeEvents() {
        List<Event> batch;
        synchronized (events) {
            batch = List.copyOf(events);
            events.clear();
        }
        if (!batch.isEmpty()) {
            try {
                disk.executeBlocking(() -> database.transaction(connection -> EventLog.append(connection, batch)))
                        .onSuccess(kept -> written.accept(kept))
                        .onFailure(failure -> log.atError().setCause(failure).log("events were not kept"));
            } catch (RejectedExecutionException _) {
                log.debug("events that came while the controller was being stopped are not kept");
            }
        }
    }

    /// Publishes events that are kept.
    void publishEvents(List<Event> kept) {
        kept.forEach(event -> publish(new StreamTopic.Events(event.agent()), AgentJson.event(event)));
    }

    /// Publishes agents that have changed, and forgets those that are no more.
    public void onChange(Set<String> ids) {
        for (String id : ids) {
            if (store.fleet().node(id).isEmpty()) {
                live.forget(id);
                history.forget(id);
            }
            publishAgent(id);
        }
    }

    /// Publishes an agent as it is now.
    void publishAgent(String id) {
        Fleet fleet = store.fleet();
        Map<String, @Nullable Object> gone = new LinkedHashMap<>();
        gone.put("id", id);
        gone.put("state", "deleted");
        publish(
                new StreamTopic.Agents(),
                fleet.node(id).map(node -> agents.agent(fleet, node)).orElse(gone));
    }

    private void publish(StreamTopic topic, Map<String, @Nullable Object> json) {
        vertx.eventBus().publish(topic.address(), Json.write(json), AgentSockets.HERE);
    }

    /// All there is to know of a topic now, as JSON. Blocks.
    String snapshot(StreamTopic topic) {
        Fleet fleet = store.fleet();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put(
                "items",
                switch (topic) {
                    case StreamTopic.Agents() ->
                        fleet.nodes().values().stream()
                                .sorted(Comparator.comparing(Node::name))
                                .map(node -> agents.agent(fleet, node))
                                .toList();
                    case StreamTopic.Live(String agent) ->
                        live.recent(agent).stream().map(AgentJson::moment).toList();
                    case StreamTopic.Events(String agent) ->
                        database
                                .transaction(
                                        connection -> EventLog.before(connection, agent, Long.MAX_VALUE, RECENT_EVENTS))
                                .stream()
                                .map(AgentJson::event)
                                .toList();
                });
        return Json.write(json);
    }

    /// Whether there is something to subscribe to.
    boolean exists(StreamTopic topic) {
        return topic.agentId().map(id -> store.fleet().node(id).isPresent()).orElse(true);
    }
}
