package io.onebox.controller.verticle;

import io.onebox.controller.auth.Need;
import io.onebox.controller.auth.Permission;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What one can subscribe to.
sealed interface StreamTopic {

    /// `agents`: every agent, a delta for each that changes.
    record Agents() implements StreamTopic {}

    /// `agent/ID/live`: the last two minutes, a delta a second.
    record Live(String agent) implements StreamTopic {}

    /// `agent/ID/events`: the last events, a delta for each new one.
    record Events(String agent) implements StreamTopic {}

    /// The topic of that name.
    static Optional<StreamTopic> parse(String text) {
        if (text.equals("agents")) {
            return Optional.of(new Agents());
        }
        Matcher matcher =
                Pattern.compile("agent/([0-9a-f]{8,32})/(live|events)").matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String agent = matcher.group(1);
        return Optional.of(matcher.group(2).equals("live") ? new Live(agent) : new Events(agent));
    }

    /// What one needs to subscribe to it: as much as to ask the API for the same.
    default Need need() {
        return Need.of(Permission.AGENTS_READ);
    }

    /// The agent it is of; empty for all.
    default Optional<String> agentId() {
        return switch (this) {
            case Agents() -> Optional.empty();
            case Live(String agent) -> Optional.of(agent);
            case Events(String agent) -> Optional.of(agent);
        };
    }

    /// Where its deltas are published on the event bus of this node.
    default String address() {
        return switch (this) {
            case Agents() -> "onebox.stream.agents";
            case Live(String agent) -> "onebox.stream.live." + agent;
            case Events(String agent) -> "onebox.stream.events." + agent;
        };
    }
}
