package io.onebox.controller.api;

import io.onebox.controller.api.Call.Answer;
import io.onebox.controller.api.Call.Operation;
import io.onebox.controller.auth.Accounts;
import io.onebox.controller.auth.Passwords;
import io.onebox.controller.auth.Permission;
import io.onebox.controller.auth.Subject;
import io.onebox.controller.enrol.EnrolTokens;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.FleetStore;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The router of the REST API, built from openapi.json: each operation is authenticated, checked for the permission the
/// file names, validated, and run on a worker. An operation without a permission or without code does not start.
public final class ApiRouter {

    private static final Logger log = LoggerFactory.getLogger(ApiRouter.class);

    private static final String CONTRACT = "io/onebox/controller/openapi.json";
    private static final String COOKIE = "__Host-onebox";
    private static final String BEARER = "Bearer ";
    private static final long MAX_BODY_BYTES = 1024 * 1024;
    private static final int FIRST_ERROR = 400;

    /// Permission of a login: there is nobody yet.
    private static final String NONE = "none";

    /// Permission of whoever is logged in.
    private static final String ANY = "any";

    private final Vertx vertx;
    private final Accounts accounts;
    private final Map<String, Operation> operations = new HashMap<>();

    public ApiRouter(Vertx vertx, Accounts accounts) {
        this.vertx = vertx;
        this.accounts = accounts;
    }

    /// Adds the operations.
    ///
    /// @param isConnected whether an agent is connected to this node
    public ApiRouter serve(
            Database database,
            FleetStore store,
            EnrolTokens tokens,
            EnrolTokens.Place place,
            Predicate<String> isConnected) {
        operations.putAll(new AccessApi(accounts, database).operations());
        operations.putAll(new FleetApi(store, database, tokens, place, isConnected).operations());
        return this;
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
                boolean isKnown = permission.equals(NONE)
                        || permission.equals(ANY)
                        || Permission.parse(permission).isPresent();
                if (operation == null || !isKnown) {
                    throw new IllegalStateException(
                            "openapi.json: " + id + " has no code or no permission, was " + permission);
                }
                route.addHandler(context -> run(context, permission, operation));
                route.addFailureHandler(context -> fail(context, context.failure()));
            }
            return builder.createRouter();
        });
    }

    private void run(RoutingContext context, String permission, Operation operation) {
        Optional<String> secret =
                Optional.ofNullable(context.request().getCookie(COOKIE)).map(Cookie::getValue);
        Optional<String> token = Optional.ofNullable(context.request().getHeader("authorization"))
                .filter(header -> header.startsWith(BEARER))
                .map(header -> header.substring(BEARER.length()));
        if (isForeign(context)) {
            fail(context, new ApiProblem(403, "forbidden_origin", "this request comes from another site"));
            return;
        }
        Map<String, String> parameters = new LinkedHashMap<>(context.pathParams());
        context.queryParams().forEach(entry -> parameters.put(entry.getKey(), entry.getValue()));
        String body = context.body().isEmpty() ? "{}" : context.body().asString();
        String address = context.request().remoteAddress().hostAddress();
        vertx.executeBlocking(
                        () -> {
                            Optional<Subject> subject =
                                    permission.equals(NONE) ? Optional.empty() : Optional.of(subject(secret, token));
                            check(subject, permission);
                            return operation.run(new Call(
                                    subject,
                                    address,
                                    token.isPresent() ? Optional.empty() : secret,
                                    parameters,
                                    new JsonObject(Json.object(body).orElse(Map.of()))));
                        },
                        false)
                .onSuccess(answer -> answer(context, answer))
                .onFailure(failure -> fail(context, failure));
    }

    private Subject subject(Optional<String> secret, Optional<String> token) {
        Optional<Subject> subject = token.isPresent() ? accounts.token(token.get()) : secret.flatMap(accounts::session);
        return subject.orElseThrow(() -> new ApiProblem(401, "unauthenticated", "log in, or send an API token"));
    }

    private static void check(Optional<Subject> subject, String permission) {
        Optional<Permission> needed = Permission.parse(permission);
        if (needed.isPresent() && !subject.orElseThrow().may(needed.get())) {
            throw new ApiProblem(403, "forbidden", "this needs the permission " + permission);
        }
    }

    /// Whether a browser sends it for a page of another site. Other programs send no origin.
    private static boolean isForeign(RoutingContext context) {
        String origin = context.request().getHeader("origin");
        boolean isRead = context.request().method().equals(HttpMethod.GET);
        return origin != null
                && !isRead
                && !origin.equals("https://" + context.request().getHeader("host"));
    }

    private static void answer(RoutingContext context, Answer answer) {
        answer.session().ifPresent(secret -> {
            Cookie cookie = Cookie.cookie(COOKIE, secret)
                    .setSecure(true)
                    .setHttpOnly(true)
                    .setPath("/")
                    .setSameSite(CookieSameSite.STRICT);
            context.response().addCookie(secret.isEmpty() ? cookie.setMaxAge(0) : cookie);
        });
        context.response().setStatusCode(answer.status()).putHeader("cache-control", "no-store");
        Map<String, @Nullable Object> json = answer.json();
        if (json == null) {
            context.response().end();
        } else {
            context.response().putHeader("content-type", "application/json").end(Json.write(json));
        }
    }

    /// Answers with a problem.
    public static void fail(RoutingContext context, @Nullable Throwable failure) {
        ApiProblem problem = switch (failure) {
            case ApiProblem known -> known;
            case Passwords.BusyException busy -> new ApiProblem(503, "busy", String.valueOf(busy.getMessage()));
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
