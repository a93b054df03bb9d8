package io.onebox.agent.status;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How an agent stands with its controller.
///
/// @param state `none`, `connecting`, `connected`, `pending` or `refused`
/// @param revision of the configuration in use, or `null`
/// @param configState of that configuration, or `null`
/// @param reason why it is refused or was rolled back, or `null`
public record Control(
        String state,
        @Nullable Long revision,
        @Nullable String configState,
        @Nullable String reason) {

    /// An agent without a controller.
    public static final Control NONE = new Control("none", null, null, null);

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("state", state);
        json.put("configRevision", revision);
        json.put("configState", configState);
        json.put("reason", reason);
        return json;
    }
}
