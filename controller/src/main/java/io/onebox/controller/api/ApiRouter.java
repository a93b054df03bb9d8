package io.onebox.controller.api;

import io.onebox.controller.api.Call.Answer;
import io.onebox.controller.api.Call.Operation;
import io.onebox.controller.auth.Accounts;
import io.onebox.controller.auth.Need;
import io.onebox.controller.auth.Passwords;
import io.onebox.controller.auth.Refusals;
import io.onebox.controller.auth.SetUp;
import io.onebox.controller.auth.Subject;
import io.onebox.controller.auth.Users;
import io.onebox.controller.enrol.EnrolTokens;
import io.onebox.controller.metrics.ControllerMeters;
import io.onebox.controller.stats.History;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.FleetStore;
import io.onebox.controller.webhook.Webhooks;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.OpenAPIContract;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The router of the REST API, built from openapi.json: each operation is authenticated, checked for the permission the
/// file names, validated, and run on a worker. An operation without a permission or without code does not start.
public final class ApiRouter {

    private static final Logger log = LoggerFactory.getLogger(ApiRouter.class);

    private static final String CONTRACT = "io/onebox/controller/openapi.json";
    private static final long MAX_BODY_BYTES = 1024 * 1024;
    private static final int FIRST_ERROR = 400;

    private static final String IF_MATCH = "if-match";
    private static final String PREFER = "prefer";
    private static final String DRY_RUN = "dry-run";
    private static final String PREVIEW = "application/vnd.onebox.preview+json";

    private final Vertx vertx;
    private final Accounts accounts;
    private final Proxies proxies;
    private final ControllerMeters meters;
    private final Runnable refresh;
    private final Repeats repeats;
    private final NotedRefusals refusals;
    private final Map<String, Operation> operations = new HashMap<>();

    /// Where it is told who was refused.
    public record Told(Refusals refusals, ControllerMeters meters) {}

    /// @param refresh run before each operation; reads what other nodes have changed
    public ApiRouter(Vertx vertx, Accounts accounts, Proxies proxies, Repeats repeats, Told told, Runnable refresh) {
        this.vertx = vertx;
        this.accounts = accounts;
        this.proxies = proxies;
        this.repeats = repeats;
        this.refusals = new NotedRefusals(told.refusals());
        this.meters = told.meters();
        this.refresh = refresh;
    }

    /// Adds operations.
    private ApiRouter add(Map<String, Operation> more) {
        operations.putAll(more);
        return this;
    }

    /// Serves users and their sessions.
    public ApiRouter access(SetUp setUp, Database database) {
        return add(new AccessApi(accounts, setUp, database, meters).operations());
    }

    /// Serves the management of users.
    public ApiRouter users(Users users) {
        return add(new UsersApi(accounts, users).operations());
    }

    /// Serves the fleet.
    public ApiRouter fleet(
            FleetStore store, Database database, EnrolTokens tokens, EnrolTokens.Place place, AgentJson agents) {
        var fleet = new FleetApi(store, database, tokens, place, agents);
        return add(fleet.operations()).add(new RevisionsApi(store, database, fleet).operations());
    }

    /// Serves statistics and events.
    public ApiRouter stats(FleetStore store, Database database, History history, InstantSource clock) {
        return add(new StatsApi(store, database, history, clock).operations());
    }

    /// Serves webhooks.
    public ApiRouter webhooks(Webhooks webhooks) {
        return add(new WebhooksApi(webhooks).operations());
    }

    /// The router, to be mounted under `/api/v1`.
    public Future<Router> router() {
        return OpenAPIContract.from(vertx, CONTRACT).map(contract -> {
            RouterBuilder builder = RouterBuilder.create(vertx, contract, RequestExtractor.withBodyHandler());
            builder.rootHandler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
            for (OpenAPIRoute route : builder.getRoutes()) {
                String id = route.getOperation().getOperationId();
                String permission =
                        String.valueOf(route.getOperation().getExtensions().get("x-permission"));
                Operation operation = operations.get(id);
                Optional<Need> need = Need.parse(permission);
                if (operation == null || need.isEmpty()) {
                    throw new IllegalStateException(
                            "openapi.json: " + id + " has no code or no permission, was " + permission);
                }
                Set<String> headers = headers(route);
                route.addHandler(context -> {
                    Optional<ApiProblem> problem = misunderstood(context, headers);
                    if (problem.isPresent()) {
                        fail(context, problem.get());
                    } else {
                        run(context, id, need.get(), refusals.noting(id, operation));
                    }
                });
                route.addFailureHandler(context -> fail(context, context.failure()));
            }
            return builder.createRouter();
        });
    }

    /// The headers that an operation understands.
    private static Set<String> headers(OpenAPIRoute route) {
        return route.getOperation().getParameters().stream()
                .filter(parameter -> parameter.getIn() == Location.HEADER)
                .map(parameter -> parameter.getName().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    /// Why a write is not done because of a header that would change what it does, and is not understood.
    private static Optional<ApiProblem> misunderstood(RoutingContext context, Set<String> headers) {
        if (isTrial(context) && !headers.contains(PREFER)) {
            return Optional.of(new ApiProblem(400, "no_dry_run", "this cannot be tried; nothing was done"));
        }
        boolean isConditional = isWrite(context) && context.request().headers().contains(IF_MATCH);
        return isConditional && !headers.contains(IF_MATCH)
                ? Optional.of(new ApiProblem(400, "no_if_match", "this has no ETag to match; nothing was done"))
                : Optional.empty();
    }

    private static boolean isWrite(RoutingContext context) {
        return !context.request().method().equals(HttpMethod.GET);
    }

    /// Whether somebody only wants to know what would happen. A preference may stand among others, RFC 7240.
    private static boolean isTrial(RoutingContext context) {
        return isWrite(context)
                && context.request().headers().getAll(PREFER).stream()
                        .flatMap(header -> Stream.of(header.split(",", -1)))
                        .anyMatch(preference -> preference.strip().equalsIgnoreCase(DRY_RUN));
    }

    private void run(RoutingContext context, String id, Need need, Operation operation) {
        Credentials credentials = Credentials.of(context.request().headers());
        Map<String, String> parameters = new LinkedHashMap<>(context.pathParams());
        context.queryParams().forEach(entry -> parameters.put(entry.getKey(), entry.getValue()));
        String body = context.body().isEmpty() ? "{}" : context.body().asString();
        String address = proxies.address(
                context.request().remoteAddress(), context.request().headers());
        boolean isForeign = isForeign(context);
        boolean isTrial = isTrial(context);
        Optional<String> ifMatch = Optional.ofNullable(context.request().getHeader(IF_MATCH));
        vertx.executeBlocking(
                        () -> {
                            if (isForeign) {
                                var problem =
                                        new ApiProblem(403, "forbidden_origin", "this request comes from another site");
                                throw refusals.noted(id, Optional.empty(), address, problem);
                            }
                            Optional<Subject> subject =
                                    need.isOfSomebody() ? Optional.of(subject(credentials)) : Optional.empty();
                            if (!need.isMetBy(subject)) {
                                var problem = new ApiProblem(403, "forbidden", need.refusal());
                                throw refusals.noted(id, subject, address, problem);
                            }
                            refresh.run();
                            return new Call(
                                    subject,
                                    address,
                                    credentials.session(),
                                    parameters,
                                    ifMatch,
                                    isTrial,
                                    new JsonObject(Json.object(body).orElse(Map.of())));
                        },
                        false)
                .compose(call -> perform(context, call, body, operation))
                .onSuccess(answer -> answer(context, answer))
                .onFailure(failure -> fail(context, failure));
    }

    /// Does it, or answers as before who asks again.
    private Future<Answer> perform(RoutingContext context, Call call, String body, Operation operation) {
        String key = context.request().getHeader("idempotency-key");
        if (key == null
                || call.isTrial()
                || call.subject().isEmpty()
                || !context.request().method().equals(HttpMethod.POST)) {
            return vertx.executeBlocking(() -> operation.run(call), false);
        }
        String whose = call.subject().get().name() + " " + key;
        String request = context.request().uri() + " " + body;
        return vertx.executeBlocking(() -> repeats.answer(whose, request, () -> operation.run(call)), false);
    }

    private Subject subject(Credentials credentials) {
        Optional<Subject> subject = credentials.subject(accounts);
        if (subject.isEmpty()) {
            credentials.kind().ifPresent(meters::unauthenticated);
            throw new ApiProblem(401, "unauthenticated", "log in, or send an API token");
        }
        return subject.get();
    }

    private static boolean isForeign(RoutingContext context) {
        return isWrite(context) && Credentials.isOfAnotherSite(context.request().headers());
    }

    private static void answer(RoutingContext context, Answer answer) {
        answer.session().ifPresent(secret -> {
            Cookie cookie = Cookie.cookie(Credentials.COOKIE, secret)
                    .setSecure(true)
                    .setHttpOnly(true)
                    .setPath("/")
                    .setSameSite(CookieSameSite.STRICT);
            context.response().addCookie(secret.isEmpty() ? cookie.setMaxAge(0) : cookie);
        });
        answer.tag().ifPresent(tag -> context.response().putHeader("etag", tag));
        context.response().setStatusCode(answer.status()).putHeader("cache-control", "no-store");
        Map<String, @Nullable Object> json = answer.json();
        if (json == null) {
            context.response().end();
        } else {
            if (answer.isTrial()) {
                context.response().putHeader("preference-applied", DRY_RUN);
            }
            context.response()
                    .putHeader("content-type", answer.isTrial() ? PREVIEW : "application/json")
                    .end(Json.write(json));
        }
    }

    /// Answers with a problem.
    public static void fail(RoutingContext context, @Nullable Throwable failure) {
        ApiProblem problem = switch (failure) {
            case ApiProblem known -> known;
            case Passwords.BusyException busy -> new ApiProblem(503, "busy", String.valueOf(busy.getMessage()));
            case Database.FullException full -> new ApiProblem(507, "disk_full", String.valueOf(full.getMessage()));
            case HttpClosedException _ -> ApiProblem.badRequest("the request did not come to its end");
            case null -> ofStatus(context.statusCode());
            default -> {
                if (context.statusCode() >= FIRST_ERROR && context.statusCode() < 500) {
                    yield ApiProblem.badRequest(String.valueOf(failure.getMessage()));
                }
                log.atError().setCause(failure).log("a request failed");
                yield new ApiProblem(500, "internal", "the controller failed; its log says why");
            }
        };
        if (!context.response().headWritten()) {
            context.response()
                    .setStatusCode(problem.status())
                    .putHeader("content-type", "application/problem+json")
                    .putHeader("cache-control", "no-store")
                    .end(Json.write(problem.json()));
        }
    }

    private static ApiProblem ofStatus(int status) {
        return switch (status) {
            case 404 -> new ApiProblem(404, "not_found", "there is no such thing here");
            case 405 -> new ApiProblem(405, "method_not_allowed", "not with this method");
            case 413 -> new ApiProblem(413, "too_long", "the body is longer than " + MAX_BODY_BYTES + " bytes");
            default -> new ApiProblem(status >= FIRST_ERROR ? status : 500, "refused", "the request was refused");
        };
    }
}
