package io.onebox.controller.api;

import io.onebox.controller.api.Call.Answer;
import io.onebox.controller.api.Call.Operation;
import io.onebox.controller.push.DocumentDiff;
import io.onebox.controller.registry.FleetChange;
import io.onebox.controller.registry.Settings;
import io.onebox.controller.store.ConfigRevisions;
import io.onebox.controller.store.ConfigRevisions.Revision;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.FleetStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an agent was told: its revisions, what differs between two, and back to one.
final class RevisionsApi {

    private static final int PAGE = 100;

    private final FleetStore store;
    private final Database database;
    private final FleetApi fleet;

    /// @param fleet makes the change of a revert
    RevisionsApi(FleetStore store, Database database, FleetApi fleet) {
        this.store = store;
        this.database = database;
        this.fleet = fleet;
    }

    Map<String, Operation> operations() {
        return Map.of("listRevisions", this::list, "diffRevisions", this::diff, "revertAgent", this::revert);
    }

    private Answer list(Call call) {
        String id = known(call);
        String beforeText = call.parameters().get("before");
        long before = beforeText == null ? Long.MAX_VALUE : Long.parseLong(beforeText);
        List<Revision> found =
                database.transaction(connection -> ConfigRevisions.before(connection, id, before, PAGE + 1));
        List<Revision> page = found.subList(0, Math.min(PAGE, found.size()));
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("items", page.stream().map(RevisionsApi::json).toList());
        json.put("next", found.size() > PAGE ? page.getLast().revision() : null);
        return Answer.ok(json);
    }

    private Answer diff(Call call) {
        String id = known(call);
        Revision revision = revision(id, call.required("revision"));
        String with = call.parameters().get("with");
        Revision other = revision(id, with == null ? Long.toString(revision.revision() - 1) : with);
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("from", other.revision());
        json.put("to", revision.revision());
        json.put(
                "changes",
                DocumentDiff.between(other.document(), revision.document()).stream()
                        .map(Preview::change)
                        .toList());
        return Answer.ok(json);
    }

    private Answer revert(Call call) {
        String id = known(call);
        Settings settings = revision(id, call.required("revision")).settings();
        if (!settings.isKnown()) {
            throw new ApiProblem(409, "wrong_state", "what was set for that revision is not known here");
        }
        return fleet.changed(call, new FleetChange.Reverted(id, settings));
    }

    private String known(Call call) {
        String id = call.required("id");
        return store.fleet()
                .node(id)
                .orElseThrow(() -> ApiProblem.notFound("agent '" + id + "'"))
                .id();
    }

    private Revision revision(String agent, String number) {
        Optional<Revision> found =
                database.transaction(connection -> ConfigRevisions.find(connection, agent, Long.parseLong(number)));
        return found.orElseThrow(() -> ApiProblem.notFound("revision " + number + " of this agent"));
    }

    static Map<String, @Nullable Object> json(Revision revision) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("revision", revision.revision());
        json.put("state", revision.state().spelling());
        json.put("reason", revision.reason());
        json.put("author", revision.author());
        json.put("created", revision.created().toString());
        json.put("hash", revision.hash());
        json.put("document", revision.document());
        return json;
    }
}
