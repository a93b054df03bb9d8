package io.onebox.agent.api;

import io.onebox.agent.api.ApiException.Kind;
import io.onebox.agent.status.Reading;
import io.onebox.agent.status.Sample;
import io.onebox.agent.status.Samples;
import io.onebox.agent.status.StatusJson;
import io.onebox.shared.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The routes of the local API. Documents are those of the commands with `--json`.
///
/// ```
///   GET  /v1/status   /v1/links   /v1/clients   /v1/config
///   GET  /v1/stats[?last=seconds]       GET /v1/stats/stream[?interval=milliseconds]   NDJSON
///   POST /v1/links/{name}  {"role":"backup","upload":"10Mbit/s","paused":"true"}
///   POST /v1/up   /v1/down   /v1/reload   /v1/rekey
/// ```
public final class LocalApi {

    private static final Logger log = LoggerFactory.getLogger(LocalApi.class);

    /// Longest request; a change of a link has about a hundred bytes.
    private static final long MAX_BODY_BYTES = 16 * 1024;

    /// The status vertx-web gives a body beyond that.
    private static final int TOO_LONG = 413;

    private static final long MIN_INTERVAL_MS = 100;
    private static final long MAX_INTERVAL_MS = Duration.ofHours(1).toMillis();

    private final Vertx vertx;
    private final RunningAgent agent;

    public LocalApi(Vertx vertx, RunningAgent agent) {
        this.vertx = vertx;
        this.agent = agent;
    }

    /// The router to serve.
    public Router router() {
        Router router = Router.router(vertx);
        router.route().handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
        addReading(router);
        read(router, "/v1/links", StatusJson::linksDocument);
        read(router, "/v1/clients", StatusJson::clientsDocument);
        router.get("/v1/stats/stream").handler(this::stream);
        router.get("/v1/config").handler(context -> answer(context, Future.succeededFuture(agent.config())));
        router.post("/v1/links/:name").handler(this::changeLink);
        router.post("/v1/up").handler(context -> answer(context, agent.up().map(_ -> done("up", List.of()))));
        router.post("/v1/down").handler(context -> answer(context, agent.down().map(_ -> done("down", List.of()))));
        router.post("/v1/rekey")
                .handler(context -> answer(context, agent.rekey().map(_ -> done("rekey", List.of()))));
        router.post("/v1/reload")
                .handler(context -> answer(context, agent.reload().map(changes -> done("reload", changes))));
        addFailures(router);
        return router;
    }

    /// What the dashboard asks for, too.
    void addReading(Router router) {
        read(router, "/v1/status", reading -> StatusJson.status(reading, agent.control()));
        router.get("/v1/stats").handler(this::stats);
    }

    /// Answers failures as RFC 9457 says.
    void addFailures(Router router) {
        router.route().failureHandler(context -> fail(context, context.failure()));
    }

    private void read(Router router, String path, Function<Reading, Map<String, @Nullable Object>> document) {
        router.get(path).handler(context -> answer(context, agent.read().map(document)));
    }

    private void stats(RoutingContext context) {
        Optional<Long> last = number(context, "last");
        if (last.isEmpty()) {
            answer(context, agent.read().map(StatusJson::stats));
            return;
        }
        Reading reading = agent.lastReading();
        Samples samples = agent.samples();
        HttpServerResponse response = startStream(context);
        for (Sample sample : samples.last(Duration.ofSeconds(Math.clamp(last.get(), 1, Samples.CAPACITY)))) {
            Optional<Sample> before = samples.before(sample, Samples.INTERVAL);
            response.write(
                    line(new Reading(reading.role(), sample, before, List.of(), reading.mode(), reading.peers())));
        }
        response.end();
    }

    private void stream(RoutingContext context) {
        long intervalMs = Math.clamp(number(context, "interval").orElse(1_000L), MIN_INTERVAL_MS, MAX_INTERVAL_MS);
        HttpServerResponse response = startStream(context);
        var stream = new Stream(agent.samples().latest());
        long timer = vertx.setPeriodic(intervalMs, _ -> {
            if (!response.writeQueueFull()) { // A reader that does not keep up misses samples; nothing piles up here.
                agent.read().onSuccess(reading -> stream.next(reading, response));
            }
        });
        response.closeHandler(_ -> vertx.cancelTimer(timer));
        response.exceptionHandler(_ -> vertx.cancelTimer(timer));
    }

    private void changeLink(RoutingContext context) {
        Map<String, @Nullable Object> fields = Optional.ofNullable(
                        context.body().asString())
                .flatMap(Json::object)
                .orElseThrow(() -> new ApiException(Kind.BAD_DATA, "the body must be a JSON object", ""));
        LinkChange change = LinkChange.of(fields);
        String name = context.pathParam("name");
        answer(context, agent.changeLink(name, change).map(_ -> done("links", List.of())));
    }

    private static void answer(RoutingContext context, Future<Map<String, @Nullable Object>> document) {
        document.onSuccess(json -> context.response()
                        .putHeader("content-type", "application/json")
                        .end(Json.write(json) + "\n"))
                .onFailure(failure -> fail(context, failure));
    }

    private static void fail(RoutingContext context, @Nullable Throwable failure) {
        ApiException problem = switch (failure) {
            case ApiException known -> known;
            case null -> unwanted(context);
            default -> {
                log.atWarn().setCause(failure).log("a request of the local API failed");
                yield new ApiException(Kind.UNAVAILABLE, String.valueOf(failure.getMessage()), "");
            }
        };
        if (!context.response().headWritten()) {
            context.response()
                    .setStatusCode(problem.kind().status())
                    .putHeader("content-type", "application/problem+json")
                    .end(Json.write(problem.json()) + "\n");
        }
    }

    /// What the router refused by itself.
    private static ApiException unwanted(RoutingContext context) {
        if (context.statusCode() == TOO_LONG) {
            return new ApiException(Kind.BAD_DATA, "the body is longer than " + MAX_BODY_BYTES + " bytes", "");
        }
        return new ApiException(
                context.statusCode() == Kind.NOT_FOUND.status() ? Kind.NOT_FOUND : Kind.BAD_DATA,
                "no such request: " + context.request().method() + " "
                        + context.request().path(),
                "the command and the agent may be of different versions");
    }

    private static HttpServerResponse startStream(RoutingContext context) {
        return context.response()
                .putHeader("content-type", "application/x-ndjson")
                .setChunked(true);
    }

    private static String line(Reading reading) {
        return Json.write(StatusJson.stats(reading)) + "\n";
    }

    private static Map<String, @Nullable Object> done(String command, List<String> changes) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("schema", "onebox." + command + "/1");
        json.put("changes", changes);
        return json;
    }

    private static Optional<Long> number(RoutingContext context, String name) {
        String text = context.request().getParam(name);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException _) {
            throw new ApiException(Kind.BAD_DATA, name + " must be a whole number, was '" + text + "'", "");
        }
    }

    /// Remembers the sample before, so that rates are those of the interval.
    private static final class Stream {
        private Optional<Sample> before;

        Stream(Optional<Sample> before) {
            this.before = before;
        }

        void next(Reading reading, HttpServerResponse response) {
            response.write(line(reading.since(before)));
            before = Optional.of(reading.now());
        }
    }
}
