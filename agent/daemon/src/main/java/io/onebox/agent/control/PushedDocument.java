package io.onebox.agent.control;

import io.onebox.shared.config.ConfigError;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.TomlDocument;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.SignedConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A configuration of the controller: tables as in the agent's file, and what to do with them.
///
/// @param isEnabled whether the data plane is to run at all
/// @param confirm how long it may take to prove itself
/// @param tables by name, without `control`
public record PushedDocument(boolean isEnabled, Duration confirm, Map<String, Object> tables) {

    private static final long MIN_CONFIRM_SECONDS = 5;
    private static final long MAX_CONFIRM_SECONDS = 600;

    /// Tables that belong to the controller alone.
    private static final Set<String> OF_THE_CONTROLLER = Set.of("server", "identity", "listen", "client");

    public PushedDocument {
        tables = Map.copyOf(tables);
    }

    /// Reads a document; empty if it is none.
    public static Optional<PushedDocument> read(SignedConfig config) {
        Optional<JsonObject> json = Json.object(config.document()).map(JsonObject::new);
        if (json.isEmpty() || !json.get().fields().containsKey("control")) {
            return Optional.empty();
        }
        JsonObject control = json.get().object("control");
        Long seconds = control.integer("confirm-seconds");
        Map<String, Object> tables = new LinkedHashMap<>();
        json.get().entries().forEach((name, value) -> {
            if (!name.equals("control") && value != null) {
                tables.put(name, value);
            }
        });
        return Optional.of(new PushedDocument(
                control.isTrue("enabled"),
                Duration.ofSeconds(Math.clamp(
                        seconds == null ? MIN_CONFIRM_SECONDS : seconds, MIN_CONFIRM_SECONDS, MAX_CONFIRM_SECONDS)),
                tables));
    }

    /// The server of a client, as written.
    public Optional<Object> server() {
        return Optional.ofNullable(tables.get("server"));
    }

    /// Which of this agent's keys the data plane uses, by its public half; empty is the first.
    public Optional<String> tunnelKey() {
        return tables.get("identity") instanceof Map<?, ?> identity && identity.get("public-key") instanceof String key
                ? Optional.of(key)
                : Optional.empty();
    }

    /// The whole configuration: this one, and from this machine's file what the controller does not say.
    ///
    /// @param tunnelKey file of the private key
    public Loaded<TomlDocument> over(TomlDocument local, Path tunnelKey) {
        List<ConfigError> errors = new ArrayList<>();
        for (String table : OF_THE_CONTROLLER) {
            if (local.values().containsKey(table)) {
                errors.add(new ConfigError(
                        local.file(),
                        local.lines().getOrDefault(table, 1),
                        table,
                        "is set by the controller; remove it here, or run unenrol"));
            }
        }
        if (!errors.isEmpty()) {
            return new Loaded.Invalid<>(errors);
        }
        Map<String, Object> values = new LinkedHashMap<>(local.values());
        tables.forEach((name, table) -> values.merge(name, table, PushedDocument::merged));
        values.put(
                "identity",
                Map.of("private-key-file", tunnelKey.toAbsolutePath().toString()));
        return new Loaded.Valid<>(new TomlDocument(local.file(), values, local.lines()));
    }

    /// The keys of both tables, the pushed one's first; of lists, the tables of both.
    private static Object merged(Object local, Object pushed) {
        if (local instanceof List<?> ours && pushed instanceof List<?> theirs) {
            return mergedLists(ours, theirs);
        }
        if (!(local instanceof Map<?, ?> ours) || !(pushed instanceof Map<?, ?> theirs)) {
            return pushed;
        }
        Map<Object, Object> both = new LinkedHashMap<>(ours);
        both.putAll(theirs);
        return both;
    }

    /// The pushed tables, then those of the file about other interfaces. Only `[[link]]` is a list in both.
    private static List<Object> mergedLists(List<?> local, List<?> pushed) {
        List<Object> both = new ArrayList<>(pushed);
        local.stream()
                .filter(ours ->
                        pushed.stream().noneMatch(theirs -> interfaceOf(ours).equals(interfaceOf(theirs))))
                .forEach(both::add);
        return both;
    }

    private static Object interfaceOf(Object table) {
        return table instanceof Map<?, ?> map && map.get("interface") instanceof String name ? name : table;
    }
}
