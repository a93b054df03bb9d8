package io.onebox.controller.api;

import io.onebox.controller.push.ConfigCompiler;
import io.onebox.controller.push.DocumentDiff;
import io.onebox.controller.registry.Fleet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a change would do: to the agent it is about, and to the configurations of all whom it touches.
///
/// @param id of the agent the change is about
record Preview(Fleet before, Fleet after, String id) {

    private static final String NOTHING = "{}";

    /// As it is answered.
    ///
    /// @param agents shows an agent
    Map<String, @Nullable Object> json(AgentJson agents) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("agent", after.node(id).map(node -> agents.agent(after, node)).orElse(null));
        json.put(
                "configurations",
                ConfigCompiler.affected(before, after).stream()
                        .filter(agent -> !changes(agent).isEmpty())
                        .map(agent -> configuration(agent, changes(agent)))
                        .sorted(Comparator.comparing(configuration -> String.valueOf(configuration.get("name"))))
                        .toList());
        return json;
    }

    private List<DocumentDiff.Change> changes(String agent) {
        return DocumentDiff.between(document(before, agent), document(after, agent));
    }

    private static String document(Fleet fleet, String agent) {
        return fleet.node(agent)
                .flatMap(_ -> ConfigCompiler.compile(fleet, agent))
                .orElse(NOTHING);
    }

    private Map<String, @Nullable Object> configuration(String agent, List<DocumentDiff.Change> changes) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("agent", agent);
        json.put(
                "name",
                after.node(agent).or(() -> before.node(agent)).orElseThrow().name());
        json.put("changes", changes.stream().map(Preview::change).toList());
        return json;
    }

    /// A key of a configuration, before and after.
    static Map<String, @Nullable Object> change(DocumentDiff.Change change) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("path", change.path());
        json.put("before", change.before().orElse(null));
        json.put("after", change.after().orElse(null));
        return json;
    }
}
