package io.onebox.shared.config;

import io.onebox.shared.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/// Settings for one link, from `[[link]]`.
///
/// @param interfaceName name of the network interface, such as `wwan0`
/// @param role when it carries data
/// @param metered whether every byte costs
/// @param uploadBytesPerSecond upper bound, or [#NO_LIMIT]
/// @param downloadBytesPerSecond upper bound, or [#NO_LIMIT]
public record LinkConfig(
        String interfaceName, LinkRole role, boolean metered, long uploadBytesPerSecond, long downloadBytesPerSecond) {

    /// `"auto"`: the rate is measured, not bounded.
    public static final long NO_LIMIT = 0;

    /// The settings of a link nobody configured.
    public static LinkConfig unconfigured(String interfaceName) {
        return new LinkConfig(interfaceName, LinkRole.ALWAYS, false, NO_LIMIT, NO_LIMIT);
    }

    /// Settings as [#json] writes them; what is missing is as in [#unconfigured].
    ///
    /// @throws IllegalArgumentException in a sentence, if a value breaks its rule
    public static LinkConfig parse(JsonObject json) {
        return new LinkConfig(
                value(json, "interface", Rules.INTERFACE_NAME, "-"),
                value(json, "role", LinkRole.RULE, LinkRole.ALWAYS.spelling()),
                json.isTrue("metered"),
                value(json, "upload", Rules.RATE, Rates.AUTO),
                value(json, "download", Rules.RATE, Rates.AUTO));
    }

    private static <T> T value(JsonObject json, String key, Rule<T> rule, String otherwise) {
        String given = json.text(key);
        String text = given == null ? otherwise : given;
        return rule.read()
                .apply(text)
                .orElseThrow(() ->
                        new IllegalArgumentException("%s must be %s, was '%s'".formatted(key, rule.words(), text)));
    }

    /// The keys and values of `[[link]]`.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("interface", interfaceName);
        json.put("role", role.spelling());
        json.put("metered", metered);
        json.put("upload", Rates.exact(uploadBytesPerSecond));
        json.put("download", Rates.exact(downloadBytesPerSecond));
        return json;
    }

    static LinkConfig read(ConfigSection section) {
        var config = new LinkConfig(
                section.required("interface", Rules.INTERFACE_NAME).orElse("?"),
                section.text("role", LinkRole.RULE, LinkRole.ALWAYS),
                section.flag("metered", false),
                section.text("upload", Rules.RATE, NO_LIMIT),
                section.text("download", Rules.RATE, NO_LIMIT));
        section.close();
        return config;
    }
}
