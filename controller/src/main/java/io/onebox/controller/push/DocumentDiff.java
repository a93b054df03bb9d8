package io.onebox.controller.push;

import io.onebox.shared.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What differs between two documents, key by key. Items of a list go by their name, links by their interface, so that
/// one that is taken out does not move the others.
public final class DocumentDiff {

    private DocumentDiff() {}

    /// One key that differs.
    ///
    /// @param path such as `server.public-key`
    /// @param before JSON; empty if it was not there
    /// @param after JSON; empty if it is not there any more
    public record Change(String path, Optional<String> before, Optional<String> after) {}

    /// All keys that differ, in the order of their paths.
    public static List<Change> between(String before, String after) {
        Map<String, String> old = flat(before);
        Map<String, String> now = flat(after);
        var paths = new TreeSet<>(old.keySet());
        paths.addAll(now.keySet());
        List<Change> changes = new ArrayList<>();
        for (String path : paths) {
            var change = new Change(path, Optional.ofNullable(old.get(path)), Optional.ofNullable(now.get(path)));
            if (!change.before().equals(change.after())) {
                changes.add(change);
            }
        }
        return changes;
    }

    private static Map<String, String> flat(String document) {
        Map<String, String> keys = new TreeMap<>();
        Json.object(document).ifPresent(json -> flatten("", json, keys));
        return keys;
    }

    private static void flatten(String path, @Nullable Object value, Map<String, String> keys) {
        switch (value) {
            case Map<?, ?> table ->
                table.forEach(
                        (key, inner) -> flatten(path.isEmpty() ? String.valueOf(key) : path + "." + key, inner, keys));
            case List<?> list
            when list.stream().anyMatch(Map.class::isInstance) ->
                list.forEach(item -> flatten(path + "[" + name(item) + "]", item, keys));
            case null, default -> keys.put(path, Json.write(value));
        }
    }

    private static String name(@Nullable Object item) {
        if (!(item instanceof Map<?, ?> table)) {
            return String.valueOf(item);
        }
        Object name = table.get("name");
        return String.valueOf(name == null ? table.get("interface") : name);
    }
}
