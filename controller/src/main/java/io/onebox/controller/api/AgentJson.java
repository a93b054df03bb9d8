package io.onebox.controller.api;

import io.onebox.controller.registry.Claim;
import io.onebox.controller.registry.Fleet;
import io.onebox.controller.registry.Node;
import io.onebox.controller.stats.LiveStats;
import io.onebox.controller.stats.LiveStats.Moment;
import io.onebox.controller.store.EventLog;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.Digests;
import io.onebox.shared.message.LinkStats;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Agents, their traffic and their events in JSON: the same by REST and on the stream.
///
/// @param isConnected whether an agent is connected to this node
/// @param isDuplicate whether two machines have its identity
public record AgentJson(LiveStats live, Predicate<String> isConnected, Predicate<String> isDuplicate) {

    private static final int TAG_LENGTH = 16;

    /// An agent as lists show it.
    public Map<String, @Nullable Object> agent(Fleet fleet, Node node) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", node.id());
        json.put("name", node.name());
        json.put("role", node.role().spelling());
        json.put("state", node.state().spelling());
        json.put("connected", isConnected.test(node.id()));
        json.put("duplicate", isDuplicate.test(node.id()));
        json.put("addresses", node.addresses().stream().map(Prefix::toString).toList());
        json.put("endpoints", node.endpoints());
        json.put("tags", node.tags().words());
        json.put("server", fleet.assignments().get(node.id()));
        json.put("words", node.identityKey().fingerprint().words());
        json.put("claim", node.claim().map(AgentJson::claim).orElse(null));
        json.put("system", node.system());
        json.put("version", node.version());
        json.put("traffic", traffic(live.recent(node.id())));
        return json;
    }

    private static Map<String, @Nullable Object> claim(Claim claim) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("words", claim.identityKey().fingerprint().words());
        json.put("system", claim.system());
        json.put("version", claim.version());
        return json;
    }

    /// What changes whenever somebody changes the agent or its server; for `ETag` and `If-Match`.
    static String tag(Fleet fleet, String id) {
        String state = fleet.node(id) + " " + fleet.assignments().get(id);
        return "\""
                + Digests.sha256(state.getBytes(StandardCharsets.UTF_8)).hex().substring(0, TAG_LENGTH) + "\"";
    }

    private static @Nullable Map<String, @Nullable Object> traffic(List<Moment> recent) {
        if (recent.isEmpty()) {
            return null;
        }
        Moment moment = recent.getLast();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("time", moment.time().toString());
        json.put("rxBitsPerSecond", Math.round(moment.rxBitsPerSecond()));
        json.put("txBitsPerSecond", Math.round(moment.txBitsPerSecond()));
        json.put(
                "recentBitsPerSecond",
                recent.stream()
                        .map(each -> Math.round(each.rxBitsPerSecond() + each.txBitsPerSecond()))
                        .toList());
        json.put(
                "linksDown",
                moment.links().stream()
                        .filter(LinkStats::isMissed)
                        .map(AgentJson::down)
                        .toList());
        return json;
    }

    private static Map<String, @Nullable Object> down(LinkStats link) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", link.name());
        json.put("reason", link.use() == null ? null : link.use().reasonUnused());
        return json;
    }

    /// What an agent said of its links.
    public static Map<String, @Nullable Object> moment(Moment moment) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("time", moment.time().toString());
        json.put("seconds", moment.seconds());
        json.put("links", moment.links().stream().map(LinkStats::json).toList());
        return json;
    }

    /// Something that happened.
    public static Map<String, @Nullable Object> event(EventLog.Event event) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("number", event.number());
        json.put("time", event.time().toString());
        json.put("agent", event.agent());
        json.put("kind", event.kind().spelling());
        json.put("link", event.link());
        json.put("detail", event.detail());
        return json;
    }
}
