package io.onebox.controller.verticle;

import io.onebox.controller.stats.LiveStats.Moment;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.LinkStats;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an agent said of its links, as one node tells it another.
record Report(String agent, Moment moment) {

    /// Many of them.
    ///
    /// @param node that tells
    static String write(String node, List<Report> reports) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("node", node);
        json.put("reports", reports.stream().map(Report::json).toList());
        return Json.write(json);
    }

    /// Those of another node; what is malformed is left out.
    ///
    /// @param self this node
    static List<Report> readOthers(String text, String self) {
        return Json.object(text)
                .map(JsonObject::new)
                .filter(json -> !self.equals(json.text("node")))
                .map(json -> json.objects("reports").stream()
                        .map(Report::parse)
                        .flatMap(Optional::stream)
                        .toList())
                .orElse(List.of());
    }

    private Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("agent", agent);
        json.put("time", moment.time().toEpochMilli());
        json.put("seconds", moment.seconds());
        json.put("links", moment.links().stream().map(LinkStats::json).toList());
        return json;
    }

    private static Optional<Report> parse(JsonObject json) {
        String agent = json.text("agent");
        Long time = json.integer("time");
        Long seconds = json.integer("seconds");
        List<LinkStats> links = json.objects("links").stream()
                .map(LinkStats::parse)
                .flatMap(Optional::stream)
                .toList();
        return agent == null || time == null || seconds == null
                ? Optional.empty()
                : Optional.of(new Report(agent, new Moment(Instant.ofEpochMilli(time), seconds.intValue(), links)));
    }
}
