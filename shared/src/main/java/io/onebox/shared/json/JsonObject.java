package io.onebox.shared.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON object being read: what is missing or of another kind is `null`, as unknown values are.
public record JsonObject(Map<?, ?> fields) {

    /// The text of a field.
    public @Nullable String text(String name) {
        return fields.get(name) instanceof String text ? text : null;
    }

    /// The text of a field, or a dash.
    public String textOrDash(String name) {
        String text = text(name);
        return text == null ? "-" : text;
    }

    /// A whole number.
    public @Nullable Long integer(String name) {
        return fields.get(name) instanceof Long number ? number : null;
    }

    /// A number of either kind.
    public @Nullable Double number(String name) {
        return fields.get(name) instanceof Number number ? number.doubleValue() : null;
    }

    /// Whether a field is `true`.
    public boolean isTrue(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    /// A nested object; empty if there is none.
    public JsonObject object(String name) {
        return new JsonObject(fields.get(name) instanceof Map<?, ?> map ? map : Map.of());
    }

    /// The objects of a list.
    public List<JsonObject> objects(String name) {
        List<JsonObject> result = new ArrayList<>();
        for (Object element : list(name)) {
            if (element instanceof Map<?, ?> map) {
                result.add(new JsonObject(map));
            }
        }
        return result;
    }

    /// The texts of a list.
    public List<String> texts(String name) {
        List<String> result = new ArrayList<>();
        list(name).forEach(element -> result.add(String.valueOf(element)));
        return result;
    }

    /// The names of the fields and their values, in their written order.
    public Map<String, @Nullable Object> entries() {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        fields.forEach((name, value) -> result.put(String.valueOf(name), value));
        return result;
    }

    private List<?> list(String name) {
        return fields.get(name) instanceof List<?> list ? list : List.of();
    }
}
