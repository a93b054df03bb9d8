package io.onebox.controller.api;

import io.onebox.controller.api.Call.Answer;
import io.onebox.controller.api.Call.Operation;
import io.onebox.controller.auth.Accounts;
import io.onebox.controller.auth.Need;
import io.onebox.controller.auth.Passwords;
import io.onebox.controller.auth.Permission;
import io.onebox.controller.auth.SetUp;
import io.onebox.controller.auth.Subject;
import io.onebox.controller.metrics.ControllerMeters;
import io.onebox.controller.store.AuditLog;
import io.onebox.controller.store.Database;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sessions, API tokens and the audit.
final class AccessApi {

    private static final long DEFAULT_TOKEN_DAYS = 90;

    private final Accounts accounts;
    private final SetUp setUp;
    private final Database database;
    private final ControllerMeters meters;

    AccessApi(Accounts accounts, SetUp setUp, Database database, ControllerMeters meters) {
        this.accounts = accounts;
        this.setUp = setUp;
        this.database = database;
        this.meters = meters;
    }

    Map<String, Operation> operations() {
        return Map.of(
                "setUp", this::setUp,
                "login", this::login,
                "logout", this::logout,
                "me", this::me,
                "listApiTokens", this::listTokens,
                "addApiToken", this::addToken,
                "removeApiToken", this::removeToken,
                "listAudit", this::listAudit);
    }

    /// The first user, who is logged in then.
    private Answer setUp(Call call) {
        String login = call.body().textOrDash("login");
        String password = call.body().textOrDash("password");
        if (!Accounts.isLogin(login)) {
            throw ApiProblem.badRequest("a login has 1 to 63 letters, digits, '.', '_', '@' or '-'");
        }
        Passwords.problem(password).ifPresent(problem -> {
            throw ApiProblem.badRequest(problem);
        });
        return switch (setUp.use(call.body().textOrDash("secret"), login, password, call.address())) {
            case DONE -> login(call);
            case OVER ->
                throw new ApiProblem(
                        403, "set_up_over", "this address has been used, is older than a day, or was never right");
            case TOO_MANY -> throw new ApiProblem(429, "rate_limited", "too many attempts; wait an hour");
        };
    }

    private Answer login(Call call) {
        String login = call.body().textOrDash("login");
        String password = call.body().textOrDash("password");
        Accounts.Login result = accounts.login(login, password, call.address());
        meters.login(result.code());
        return switch (result) {
            case Accounts.Login.Session(String secret, Subject subject) ->
                new Answer(200, json(subject), Optional.empty(), Optional.of(secret));
            case Accounts.Login.Wrong() -> throw new ApiProblem(401, "login_failed", "login or password is wrong");
            case Accounts.Login.TooMany() ->
                throw new ApiProblem(429, "rate_limited", "too many wrong passwords; wait a quarter of an hour");
        };
    }

    private Answer logout(Call call) {
        call.secret().ifPresent(secret -> accounts.logout(call.actor(), secret));
        return new Answer(204, null, Optional.empty(), Optional.of(""));
    }

    private Answer me(Call call) {
        return Answer.ok(json(call.subject().orElseThrow()));
    }

    private Answer listTokens(Call call) {
        return Page.newestFirst(
                call,
                accounts.tokens().stream()
                        .map(token -> {
                            Map<String, @Nullable Object> item = new LinkedHashMap<>();
                            item.put("id", token.id());
                            item.put("login", token.login());
                            item.put("note", token.note());
                            item.put("scopes", token.scopes());
                            item.put("created", token.created().toString());
                            item.put("expires", token.expires().toString());
                            item.put(
                                    "lastUsed",
                                    token.used().map(Object::toString).orElse(null));
                            return item;
                        })
                        .toList());
    }

    /// A token can do no more than who makes it.
    private Answer addToken(Call call) {
        Subject owner = call.subject().orElseThrow();
        Set<Permission> scopes = new HashSet<>();
        for (String scope : call.body().texts("scopes")) {
            scopes.add(Permission.parse(scope)
                    .filter(permission -> Need.of(permission).isMetBy(call.subject()))
                    .orElseThrow(() -> new ApiProblem(403, "forbidden", "you do not have the permission " + scope)));
        }
        Long days = call.body().integer("days");
        Duration life = Duration.ofDays(days == null ? DEFAULT_TOKEN_DAYS : days);
        String note = Optional.ofNullable(call.body().text("note")).orElse("");
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("token", accounts.addToken(owner, call.actor(), note, scopes, life));
        return Answer.created(json);
    }

    private Answer removeToken(Call call) {
        if (!accounts.removeToken(call.actor(), call.required("id"))) {
            throw ApiProblem.notFound("API token '" + call.required("id") + "'");
        }
        return Answer.nothing();
    }

    private Answer listAudit(Call call) {
        String before = call.parameters().get("before");
        long number = before == null ? Long.MAX_VALUE : Long.parseLong(before);
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        List<AuditLog.Line> lines = database.transaction(connection -> AuditLog.before(connection, number));
        json.put("items", lines.stream().map(AccessApi::json).toList());
        json.put(
                "next",
                lines.isEmpty() || lines.getLast().number() == 1
                        ? null
                        : lines.getLast().number());
        json.put("firstBroken", AuditLog.firstBroken(lines).orElse(null));
        return Answer.ok(json);
    }

    private static Map<String, @Nullable Object> json(AuditLog.Line line) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("number", line.number());
        json.put("time", line.time().toString());
        json.put("actor", line.actor().name());
        json.put("address", line.actor().address());
        json.put("action", line.action());
        json.put("object", line.object());
        json.put("detail", line.detail());
        json.put("hash", line.hash());
        return json;
    }

    private static Map<String, @Nullable Object> json(Subject subject) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", subject.name());
        json.put("login", subject.login());
        json.put(
                "permissions",
                subject.permissions().stream()
                        .map(Permission::spelling)
                        .sorted()
                        .toList());
        return json;
    }
}
