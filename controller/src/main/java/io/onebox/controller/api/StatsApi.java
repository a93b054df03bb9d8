package io.onebox.controller.api;

import io.onebox.controller.api.Call.Answer;
import io.onebox.controller.api.Call.Operation;
import io.onebox.controller.stats.History;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.EventLog;
import io.onebox.controller.store.FleetStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The history of agents: their traffic and what happened to them.
final class StatsApi {

    private static final Duration DEFAULT_RANGE = Duration.ofHours(1);
    private static final int EVENTS = 100;

    /// Most points of one answer, which are some 5 MB.
    private static final int MAX_POINTS = 50_000;

    private static final List<String> COLUMNS = List.of(
            "time",
            "rxBitsPerSecond",
            "txBitsPerSecond",
            "rttMinSeconds",
            "rttSeconds",
            "rttMaxSeconds",
            "jitterSeconds",
            "lossRatio");

    private final FleetStore store;
    private final Database database;
    private final History history;
    private final InstantSource clock;

    StatsApi(FleetStore store, Database database, History history, InstantSource clock) {
        this.store = store;
        this.database = database;
        this.history = history;
        this.clock = clock;
    }

    Map<String, Operation> operations() {
        return Map.of("getAgentStats", this::stats, "listAgentEvents", this::events);
    }

    private Answer stats(Call call) {
        String id = known(call);
        Instant now = clock.instant();
        Instant to = parameter(call, "to", now, StatsApi::time);
        Instant from = parameter(call, "from", to.minus(DEFAULT_RANGE), StatsApi::time);
        long step = parameter(call, "step", 1L, Long::valueOf);
        if (!from.isBefore(to)) {
            throw ApiProblem.badRequest("from must be before to");
        }
        var query = new History.Query(from, to, step);
        String only = call.parameters().get("link");
        List<Map<String, @Nullable Object>> links = new ArrayList<>();
        int points = 0;
        for (String link : history.links(id)) {
            if (only == null || only.equals(link)) {
                History.Series series = history.read(id, link, now, query);
                points += series.points().size();
                links.add(json(series));
            }
            if (points > MAX_POINTS) {
                throw ApiProblem.badRequest("that is more than " + MAX_POINTS + " points; ask for one link,"
                        + " a shorter time or a longer step");
            }
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("from", from.toString());
        json.put("to", to.toString());
        json.put("columns", COLUMNS);
        json.put("links", links);
        return Answer.ok(json);
    }

    private Answer events(Call call) {
        String id = known(call);
        long before = parameter(call, "before", Long.MAX_VALUE, Long::valueOf);
        List<EventLog.Event> events =
                database.transaction(connection -> EventLog.before(connection, id, before, EVENTS));
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("items", events.stream().map(AgentJson::event).toList());
        json.put("next", events.size() < EVENTS ? null : events.getLast().number());
        return Answer.ok(json);
    }

    private String known(Call call) {
        String id = call.required("id");
        return store.fleet()
                .node(id)
                .orElseThrow(() -> ApiProblem.notFound("agent '" + id + "'"))
                .id();
    }

    private static <T> T parameter(Call call, String name, T otherwise, Function<String, T> parse) {
        String text = call.parameters().get(name);
        return text == null ? otherwise : parse.apply(text);
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException _) {
            throw ApiProblem.badRequest("a time is written 2026-11-25T13:00:00Z, was '" + text + "'");
        }
    }

    private static Map<String, @Nullable Object> json(History.Series series) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", series.link());
        json.put("stepSeconds", series.stepSeconds());
        json.put("rows", series.points().stream().map(StatsApi::row).toList());
        return json;
    }

    private static List<@Nullable Object> row(History.Point point) {
        Map<String, @Nullable Object> link = point.link().json();
        List<@Nullable Object> row = new ArrayList<>();
        row.add(point.time().toString());
        COLUMNS.subList(1, COLUMNS.size()).forEach(column -> row.add(link.get(column)));
        return row;
    }
}
