package io.onebox.controller.api;

import io.onebox.controller.api.Call.Answer;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One page of a list. The next begins after a key of the list's order, so that what comes and goes meanwhile neither
/// repeats nor hides anything else.
final class Page {

    private static final int DEFAULT_LIMIT = 1000;

    private Page() {}

    /// In the order of a key.
    static Answer ascending(
            Call call, List<Map<String, @Nullable Object>> items, Function<Map<String, @Nullable Object>, String> key) {
        return of(call, items, key, Comparator.naturalOrder());
    }

    /// Newest first.
    static Answer newestFirst(Call call, List<Map<String, @Nullable Object>> items) {
        return of(call, items, item -> item.get("created") + " " + item.get("id"), Comparator.reverseOrder());
    }

    private static Answer of(
            Call call,
            List<Map<String, @Nullable Object>> items,
            Function<Map<String, @Nullable Object>, String> key,
            Comparator<String> order) {
        String after = call.parameters().get("after");
        String limitText = call.parameters().get("limit");
        int limit = limitText == null ? DEFAULT_LIMIT : Integer.parseInt(limitText);
        List<Map<String, @Nullable Object>> rest = items.stream()
                .filter(item -> after == null || order.compare(key.apply(item), after) > 0)
                .sorted(Comparator.comparing(key, order))
                .limit(limit + 1L)
                .toList();
        boolean hasMore = rest.size() > limit;
        List<Map<String, @Nullable Object>> shown = hasMore ? rest.subList(0, limit) : rest;
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("items", shown);
        json.put("next", hasMore ? key.apply(shown.getLast()) : null);
        return Answer.ok(json);
    }
}
