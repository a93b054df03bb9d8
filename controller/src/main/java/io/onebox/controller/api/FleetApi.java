package io.onebox.controller.api;

import io.onebox.controller.api.Call.Answer;
import io.onebox.controller.api.Call.Operation;
import io.onebox.controller.enrol.EnrolTokens;
import io.onebox.controller.enrol.TokenUse;
import io.onebox.controller.registry.Fleet;
import io.onebox.controller.registry.FleetChange;
import io.onebox.controller.registry.FleetRefusal;
import io.onebox.controller.registry.Node;
import io.onebox.controller.registry.Tags;
import io.onebox.controller.store.AgentKeys;
import io.onebox.controller.store.ConfigRevisions;
import io.onebox.controller.store.ConfigRevisions.Revision;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.FleetStore;
import io.onebox.shared.config.HostPort;
import io.onebox.shared.config.LinkConfig;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.EnrolRequest;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Agents, their assignments and configurations, and the tokens they enrol with.
final class FleetApi {

    private static final int DEFAULT_LIMIT = 100;
    private static final long DEFAULT_TOKEN_SECONDS = 3600;

    private final FleetStore store;
    private final Database database;
    private final EnrolTokens tokens;
    private final EnrolTokens.Place place;
    private final AgentJson agents;

    FleetApi(FleetStore store, Database database, EnrolTokens tokens, EnrolTokens.Place place, AgentJson agents) {
        this.store = store;
        this.database = database;
        this.tokens = tokens;
        this.place = place;
        this.agents = agents;
    }

    Map<String, Operation> operations() {
        Map<String, Operation> operations = new LinkedHashMap<>();
        operations.put("listAgents", this::list);
        operations.put("getAgent", call -> full(call.required("id")));
        operations.put("editAgent", this::edit);
        operations.put("deleteAgent", this::delete);
        operations.put("approveAgent", call -> change(call, FleetChange.Approved::new));
        operations.put("disableAgent", call -> change(call, FleetChange.Disabled::new));
        operations.put("enableAgent", call -> change(call, FleetChange.Enabled::new));
        operations.put("revokeAgent", call -> change(call, FleetChange.Revoked::new));
        operations.put("reclaimAgent", this::reclaim);
        operations.put("refuseClaim", this::refuseClaim);
        operations.put("rekeyAgent", this::rekey);
        operations.put("resyncAgent", call -> change(call, FleetChange.Resent::new));
        operations.put("setLink", this::setLink);
        operations.put("unsetLink", this::unsetLink);
        operations.put("listAssignments", this::assignments);
        operations.put("assign", this::assign);
        operations.put("unassign", this::unassign);
        operations.put("listEnrolTokens", this::listTokens);
        operations.put("addEnrolToken", this::addToken);
        operations.put("revokeEnrolToken", this::revokeToken);
        operations.put("getRoot", this::root);
        return operations;
    }

    private Answer list(Call call) {
        String after = call.parameters().getOrDefault("after", "");
        String limitText = call.parameters().get("limit");
        int limit = limitText == null ? DEFAULT_LIMIT : Integer.parseInt(limitText);
        String tag = call.parameters().get("tag");
        Fleet fleet = store.fleet();
        List<Node> page = fleet.nodes().values().stream()
                .filter(node -> tag == null || node.tags().contains(tag))
                .filter(node -> node.name().compareTo(after) > 0)
                .sorted(Comparator.comparing(Node::name))
                .limit(limit + 1L)
                .toList();
        boolean hasMore = page.size() > limit;
        List<Node> shown = hasMore ? page.subList(0, limit) : page;
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("items", shown.stream().map(node -> agents.agent(fleet, node)).toList());
        json.put("next", hasMore ? shown.getLast().name() : null);
        return Answer.ok(json);
    }

    private Answer edit(Call call) {
        Node node = known(call.required("id"));
        String name = Optional.ofNullable(call.body().text("name")).orElse(node.name());
        List<String> endpoints =
                call.body().fields().containsKey("endpoints") ? call.body().texts("endpoints") : node.endpoints();
        if (!EnrolRequest.isName(name)) {
            throw ApiProblem.badRequest("a name has 1 to 63 letters, digits, '.', '_' or '-'");
        }
        checkEndpoints(endpoints);
        Tags tags = call.body().fields().containsKey("tags") ? tags(call) : node.tags();
        return changed(call, new FleetChange.Edited(node.id(), name, endpoints, tags));
    }

    private Answer delete(Call call) {
        return apply(call, new FleetChange.Deleted(call.required("id")), _ -> {}, Answer::nothing);
    }

    private Answer change(Call call, Function<String, FleetChange> change) {
        return changed(call, change.apply(call.required("id")));
    }

    /// Makes a change and answers with the agent after it.
    Answer changed(Call call, FleetChange change) {
        return apply(call, change, _ -> {}, () -> full(call.required("id")));
    }

    private Answer rekey(Call call) {
        String id = call.required("id");
        return apply(
                call, new FleetChange.RekeyWanted(id), connection -> AgentKeys.want(connection, id), () -> full(id));
    }

    /// The keys of the machine before are worth nothing from now on, and neither is what it was asked for.
    private Answer reclaim(Call call) {
        String id = call.required("id");
        return apply(
                call, new FleetChange.Reclaimed(id), connection -> AgentKeys.forget(connection, id), () -> full(id));
    }

    private Answer refuseClaim(Call call) {
        return apply(call, new FleetChange.ClaimDropped(call.required("id")), _ -> {}, Answer::nothing);
    }

    private Answer setLink(Call call) {
        Map<String, @Nullable Object> settings = call.body().entries();
        settings.put("interface", call.required("interface"));
        try {
            return changed(
                    call, new FleetChange.LinkSet(call.required("id"), LinkConfig.parse(new JsonObject(settings))));
        } catch (IllegalArgumentException e) {
            throw ApiProblem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private Answer unsetLink(Call call) {
        return changed(call, new FleetChange.LinkUnset(call.required("id"), call.required("interface")));
    }

    private Answer assignments(Call call) {
        Fleet fleet = store.fleet();
        return Page.ascending(
                call,
                fleet.assignments().entrySet().stream().map(FleetApi::json).toList(),
                assignment -> String.valueOf(assignment.get("client")));
    }

    private static Map<String, @Nullable Object> json(Map.Entry<String, String> assignment) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("client", assignment.getKey());
        json.put("server", assignment.getValue());
        return json;
    }

    private Answer assign(Call call) {
        String client = call.required("client");
        var change = new FleetChange.Assigned(client, call.body().textOrDash("server"));
        return apply(call, change, _ -> {}, () -> full(client));
    }

    private Answer unassign(Call call) {
        return apply(call, new FleetChange.Unassigned(call.required("client")), _ -> {}, Answer::nothing);
    }

    private Answer listTokens(Call call) {
        Map<String, List<TokenUse>> uses = tokens.lastUses();
        return Page.newestFirst(
                call,
                tokens.list().stream()
                        .map(token -> json(token, uses.getOrDefault(token.id(), List.of())))
                        .toList());
    }

    private Answer addToken(Call call) {
        AgentRole role = AgentRole.parse(call.body().textOrDash("role")).orElseThrow();
        List<String> endpoints = call.body().texts("endpoints");
        checkEndpoints(endpoints);
        if (role == AgentRole.CLIENT && !endpoints.isEmpty()) {
            throw ApiProblem.badRequest("only a server's token has endpoints");
        }
        Long seconds = call.body().integer("seconds");
        Long uses = call.body().integer("uses");
        var terms = new EnrolTokens.Terms(
                role,
                "manual".equals(call.body().text("approval")),
                endpoints,
                networks(call),
                tags(call),
                uses == null ? 1 : uses.intValue(),
                Duration.ofSeconds(seconds == null ? DEFAULT_TOKEN_SECONDS : seconds));
        EnrolmentToken token = tokens.add(call.actor(), terms, place);
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", token.id());
        json.put("token", token.text());
        return Answer.created(json);
    }

    private Answer revokeToken(Call call) {
        if (!tokens.revoke(call.actor(), call.required("id"))) {
            throw ApiProblem.notFound("enrolment token '" + call.required("id") + "'");
        }
        return Answer.nothing();
    }

    private Answer root(Call call) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("fingerprint", place.pin().toString());
        json.put("words", place.pin().words());
        json.put("urls", place.urls().stream().map(Object::toString).toList());
        return Answer.ok(json);
    }

    /// Makes a change and answers, or says what it would do.
    private Answer apply(Call call, FleetChange change, FleetStore.Also also, Supplier<Answer> answer) {
        try {
            if (call.isTrial()) {
                Fleet before = store.fleet();
                check(call, before);
                return Answer.trial(new Preview(before, before.apply(change), about(call)).json(agents));
            }
            store.change(call.actor(), change, fleet -> check(call, fleet), also);
            return answer.get();
        } catch (FleetRefusal e) {
            int status = switch (e.code()) {
                case NOT_FOUND -> 404;
                case WRONG_ROLE -> 400;
                case NAME_CONFLICT, WRONG_STATE, NO_ADDRESS, TOO_MANY_PENDING, TOO_MANY_LINKS -> 409;
            };
            String code = e.code().name().toLowerCase(java.util.Locale.ROOT);
            throw new ApiProblem(status, code, String.valueOf(e.getMessage()));
        }
    }

    /// Refuses a change of what is not as the caller has seen it.
    private static void check(Call call, Fleet fleet) {
        if (call.ifMatch().isPresent() && !call.ifMatch().get().equals(AgentJson.tag(fleet, about(call)))) {
            throw new ApiProblem(412, "changed", "the agent was changed meanwhile; read it again");
        }
    }

    /// The agent that is to be changed.
    private static String about(Call call) {
        return Optional.ofNullable(call.parameters().get("id")).orElseGet(() -> call.required("client"));
    }

    private Node known(String id) {
        return store.fleet().node(id).orElseThrow(() -> ApiProblem.notFound("agent '" + id + "'"));
    }

    private Answer full(String id) {
        Fleet fleet = store.fleet();
        Map<String, @Nullable Object> json = agents.agent(fleet, known(id));
        Optional<Revision> latest = database.transaction(connection -> ConfigRevisions.latest(connection, id));
        json.put("links", known(id).links().stream().map(LinkConfig::json).toList());
        json.put("configuration", latest.map(RevisionsApi::json).orElse(null));
        return Answer.tagged(AgentJson.tag(fleet, id), json);
    }

    private static Map<String, @Nullable Object> json(EnrolTokens.Kept token, List<TokenUse> uses) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", token.id());
        json.put("role", token.role().spelling());
        json.put("approval", token.isManual() ? "manual" : "auto");
        json.put("endpoints", token.endpoints());
        json.put("networks", token.networks().stream().map(Prefix::toString).toList());
        json.put("tags", token.tags().words());
        json.put("uses", token.uses());
        json.put("used", token.used());
        json.put("usedBy", uses.stream().map(FleetApi::json).toList());
        json.put("created", token.created().toString());
        json.put("expires", token.expires().toString());
        json.put("revoked", token.isRevoked());
        json.put("author", token.author());
        return json;
    }

    private static Map<String, @Nullable Object> json(TokenUse use) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("agent", use.agent());
        json.put("name", use.name());
        json.put("address", use.address());
        json.put("time", use.time().toString());
        return json;
    }

    private static List<Prefix> networks(Call call) {
        return call.body().texts("networks").stream()
                .map(text -> Prefix.network(text)
                        .orElseThrow(() -> ApiProblem.badRequest(
                                "a network is like 203.0.113.0/24 or 2001:db8::/32, was '" + text + "'")))
                .toList();
    }

    private static Tags tags(Call call) {
        return Tags.of(call.body().texts("tags")).orElseThrow(() -> ApiProblem.badRequest(Tags.RULE));
    }

    private static void checkEndpoints(List<String> endpoints) {
        for (String endpoint : endpoints) {
            if (HostPort.parse(endpoint).isEmpty()) {
                throw ApiProblem.badRequest("an endpoint is host:port or [IPv6]:port, was '" + endpoint + "'");
            }
        }
    }
}
