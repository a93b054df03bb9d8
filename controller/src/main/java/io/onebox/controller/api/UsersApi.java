package io.onebox.controller.api;

import io.onebox.controller.api.Call.Answer;
import io.onebox.controller.api.Call.Operation;
import io.onebox.controller.auth.Accounts;
import io.onebox.controller.auth.Need;
import io.onebox.controller.auth.Passwords;
import io.onebox.controller.auth.Permission;
import io.onebox.controller.auth.Role;
import io.onebox.controller.auth.Subject;
import io.onebox.controller.auth.Users;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Users and who is logged in. Owners see and change all of it; everybody else has his own sessions.
final class UsersApi {

    private final Accounts accounts;
    private final Users users;

    UsersApi(Accounts accounts, Users users) {
        this.accounts = accounts;
        this.users = users;
    }

    Map<String, Operation> operations() {
        return Map.of(
                "listUsers", this::list,
                "addUser", this::add,
                "changeUser", this::changeRole,
                "resetPassword", this::resetPassword,
                "removeUser", this::remove,
                "listSessions", this::sessions,
                "endSession", this::endSession);
    }

    private Answer list(Call call) {
        return Page.ascending(
                call, users.list().stream().map(UsersApi::json).toList(), user -> String.valueOf(user.get("login")));
    }

    private Answer add(Call call) {
        String login = call.body().textOrDash("login");
        if (!Accounts.isLogin(login)) {
            throw ApiProblem.badRequest("a login has 1 to 63 letters, digits, '.', '_', '@' or '-'");
        }
        if (!accounts.add(call.actor(), login, password(call), role(call))) {
            throw new ApiProblem(409, "name_conflict", "there is a user '" + login + "' already");
        }
        return Answer.created(json(user(login)));
    }

    private Answer changeRole(Call call) {
        String login = call.required("login");
        check(users.changeRole(call.actor(), login, role(call)), login);
        return Answer.ok(json(user(login)));
    }

    private Answer resetPassword(Call call) {
        String login = call.required("login");
        if (!accounts.resetPassword(call.actor(), login, password(call))) {
            throw notFound(login);
        }
        return Answer.nothing();
    }

    private Answer remove(Call call) {
        String login = call.required("login");
        check(users.remove(call.actor(), login), login);
        return Answer.nothing();
    }

    private Answer sessions(Call call) {
        String current = call.secret().map(Users::idOf).orElse("");
        return Page.newestFirst(
                call,
                users.sessions(whose(call)).stream()
                        .map(session -> {
                            Map<String, @Nullable Object> item = new LinkedHashMap<>();
                            item.put("id", session.id());
                            item.put("login", session.login());
                            item.put("address", session.address());
                            item.put("created", session.created().toString());
                            item.put("seen", session.seen().toString());
                            item.put("current", session.id().equals(current));
                            return item;
                        })
                        .toList());
    }

    private Answer endSession(Call call) {
        if (!users.endSession(call.actor(), call.required("id"), whose(call))) {
            throw ApiProblem.notFound("session '" + call.required("id") + "'");
        }
        return Answer.nothing();
    }

    /// Whose sessions one may see: an API token without the permission has none to see.
    private static Optional<String> whose(Call call) {
        Subject subject = call.subject().orElseThrow();
        if (Need.of(Permission.USERS).isMetBy(call.subject())) {
            return Optional.empty();
        }
        if (call.secret().isEmpty()) {
            throw new ApiProblem(403, "forbidden", "this needs a session, or the permission users");
        }
        return Optional.of(subject.login());
    }

    private static String password(Call call) {
        String password = call.body().textOrDash("password");
        Passwords.problem(password).ifPresent(problem -> {
            throw ApiProblem.badRequest(problem);
        });
        return password;
    }

    private static Role role(Call call) {
        return Role.parse(call.body().textOrDash("role")).orElseThrow();
    }

    private Users.User user(String login) {
        return users.list().stream()
                .filter(user -> user.login().equals(login))
                .findFirst()
                .orElseThrow(() -> notFound(login));
    }

    private static void check(Users.Outcome outcome, String login) {
        switch (outcome) {
            case DONE -> {}
            case NOT_FOUND -> throw notFound(login);
            case LAST_OWNER ->
                throw new ApiProblem(409, "last_owner", "'" + login + "' is the only owner; make another one first");
        }
    }

    private static ApiProblem notFound(String login) {
        return ApiProblem.notFound("user '" + login + "'");
    }

    private static Map<String, @Nullable Object> json(Users.User user) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("login", user.login());
        json.put("role", user.role().spelling());
        json.put("created", user.created().toString());
        return json;
    }
}
