package io.onebox.agent.api;

import io.onebox.agent.api.ApiException.Kind;
import io.onebox.engine.path.LinkRole;
import io.onebox.engine.path.LinkSettings;
import io.onebox.shared.config.Rates;
import io.onebox.shared.config.Spelling;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Settings of a link to change, as texts: the keys and values of `[[link]]`, and `paused`.
///
/// @param values checked: applying them cannot fail
public record LinkChange(Map<String, String> values) {

    private static final List<String> KEYS = List.of("role", "metered", "upload", "download", "paused");

    /// Checks keys and values.
    ///
    /// @throws ApiException if one of them is wrong
    public LinkChange {
        values = Map.copyOf(values);
        if (values.isEmpty()) {
            throw bad("nothing to change", "give at least one of " + String.join("=…, ", KEYS) + "=…");
        }
        values.forEach(LinkChange::check);
    }

    /// A change from the fields of a JSON object.
    public static LinkChange of(Map<String, @Nullable Object> fields) {
        Map<String, String> values = new java.util.HashMap<>();
        fields.forEach((key, value) -> values.put(key, String.valueOf(value)));
        return new LinkChange(values);
    }

    /// The settings with this change.
    public LinkSettings applyTo(LinkSettings settings) {
        return new LinkSettings(
                value("role").flatMap(LinkChange::role).orElse(settings.role()),
                value("metered").map(Boolean::valueOf).orElse(settings.metered()),
                value("upload").flatMap(LinkChange::rate).orElse(settings.uploadBytesPerSecond()),
                value("download").flatMap(LinkChange::rate).orElse(settings.downloadBytesPerSecond()),
                value("paused").map(Boolean::valueOf).orElse(settings.paused()));
    }

    private Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key));
    }

    private static void check(String key, String value) {
        boolean isGood = switch (key) {
            case "role" -> role(value).isPresent();
            case "metered", "paused" -> value.equals("true") || value.equals("false");
            case "upload", "download" -> rate(value).isPresent();
            default ->
                throw bad(
                        "unknown key '" + key + "'",
                        Spelling.nearest(key, KEYS)
                                .map(near -> "did you mean '" + near + "'?")
                                .orElse("one of " + String.join(", ", KEYS)));
        };
        if (!isGood) {
            String rule = switch (key) {
                case "role" -> "always, secondary, backup or never";
                case "upload", "download" -> "auto or a rate such as 10Mbit/s";
                default -> "true or false";
            };
            throw bad("%s must be %s, was '%s'".formatted(key, rule, value), "");
        }
    }

    private static Optional<LinkRole> role(String text) {
        return io.onebox.shared.config.LinkRole.parse(text)
                .map(role -> LinkRole.valueOf(role.name().toUpperCase(Locale.ROOT)));
    }

    private static Optional<Long> rate(String text) {
        return text.equals("auto") ? Optional.of(0L) : Rates.parse(text).filter(rate -> rate > 0);
    }

    private static ApiException bad(String message, String hint) {
        return new ApiException(Kind.BAD_DATA, message, hint);
    }
}
