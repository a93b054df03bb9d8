package io.onebox.shared.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A table of a configuration file, being read. Reading a key that is wrong notes the problem and
/// returns a stand-in, so that one pass finds everything; [#close] refuses keys nobody asked for.
final class ConfigSection {

    private final TomlDocument document;
    private final String path;
    private final Map<?, ?> values;
    private final List<ConfigError> errors;
    private final Set<String> asked = new LinkedHashSet<>();

    private ConfigSection(TomlDocument document, String path, Map<?, ?> values, List<ConfigError> errors) {
        this.document = document;
        this.path = path;
        this.values = values;
        this.errors = errors;
    }

    /// The whole file. Problems go to `errors`.
    static ConfigSection root(TomlDocument document, List<ConfigError> errors) {
        return new ConfigSection(document, "", document.values(), errors);
    }

    /// What `reading` makes of the file if it notes no problem.
    static <T> Loaded<T> read(TomlDocument document, List<ConfigError> errors, Supplier<T> reading) {
        T config = reading.get();
        if (errors.isEmpty()) {
            return new Loaded.Valid<>(config);
        }
        errors.sort((a, b) -> Integer.compare(a.line(), b.line()));
        return new Loaded.Invalid<>(errors);
    }

    /// A table; empty if the file has none of that name.
    ConfigSection section(String key) {
        Object value = take(key);
        if (value == null || value instanceof Map) {
            return new ConfigSection(document, full(key), value instanceof Map<?, ?> map ? map : Map.of(), errors);
        }
        reject(key, "a table, written [" + key + "]");
        return new ConfigSection(document, full(key), Map.of(), errors);
    }

    /// An array of tables; empty if the file has none.
    List<ConfigSection> sections(String key) {
        Object value = take(key);
        if (value == null) {
            return List.of();
        }
        List<ConfigSection> sections = new ArrayList<>();
        if (value instanceof List<?> list && list.stream().allMatch(Map.class::isInstance)) {
            for (int i = 0; i < list.size(); i++) {
                sections.add(new ConfigSection(document, full(key) + "[" + i + "]", (Map<?, ?>) list.get(i), errors));
            }
        } else {
            reject(key, "a list of tables, written [[" + key + "]]");
        }
        return sections;
    }

    /// An optional text under a rule.
    <T> T text(String key, Rule<T> rule, T otherwise) {
        Object value = take(key);
        return value == null ? otherwise : one(key, value, rule).orElse(otherwise);
    }

    /// A required text under a rule; empty, and noted, if it is missing or wrong.
    <T> Optional<T> required(String key, Rule<T> rule) {
        Object value = take(key);
        if (value == null) {
            problem(key, "is required: " + rule.words());
            return Optional.empty();
        }
        return one(key, value, rule);
    }

    /// An optional list of texts, each under a rule, without repetitions.
    <T> List<T> list(String key, Rule<T> rule, List<T> otherwise) {
        Object value = take(key);
        if (value == null) {
            return otherwise;
        }
        if (!(value instanceof List<?> list)) {
            reject(key, "a list, each " + rule.words());
            return otherwise;
        }
        Set<T> result = new LinkedHashSet<>();
        for (int i = 0; i < list.size(); i++) {
            String element = key + "[" + i + "]";
            one(element, list.get(i), rule)
                    .filter(item -> !result.add(item))
                    .ifPresent(item -> problem(element, "is a duplicate of an earlier '" + item + "'"));
        }
        return List.copyOf(result);
    }

    /// A required list with at least one element.
    <T> List<T> requiredList(String key, Rule<T> rule) {
        if (!values.containsKey(key)) {
            asked.add(key);
            problem(key, "is required: a list, each " + rule.words());
            return List.of();
        }
        int before = errors.size();
        List<T> list = list(key, rule, List.of());
        if (list.isEmpty() && errors.size() == before) {
            problem(key, "must not be empty: give at least one, each " + rule.words());
        }
        return list;
    }

    /// An optional boolean.
    boolean flag(String key, boolean otherwise) {
        Object value = take(key);
        if (value == null || value instanceof Boolean) {
            return value == null ? otherwise : (Boolean) value;
        }
        reject(key, "true or false");
        return otherwise;
    }

    /// An optional whole number in `[min, max]`.
    int integer(String key, int min, int max, int otherwise) {
        Object value = take(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Long number && number >= min && number <= max) {
            return Math.toIntExact(number);
        }
        reject(key, "a whole number between %d and %d".formatted(min, max));
        return otherwise;
    }

    /// An optional whole number in `[min, max]`, where `"auto"` means `otherwise`.
    int integerOrAuto(String key, int min, int max, int otherwise) {
        Object value = values.get(key);
        if ("auto".equals(value)) {
            asked.add(key);
            return otherwise;
        }
        if (value != null && !(value instanceof Long number && number >= min && number <= max)) {
            asked.add(key);
            reject(key, "\"auto\" or a whole number between %d and %d".formatted(min, max));
            return otherwise;
        }
        return integer(key, min, max, otherwise);
    }

    /// The secret in the file a key names, relative to the configuration file.
    Optional<Secret> secret(String key, String name) {
        return switch (KeyFile.read(relative(name))) {
            case KeyFile.Result.Key(Secret secret) -> Optional.of(secret);
            case KeyFile.Result.Refused(String problem) -> {
                problem(key, problem);
                yield Optional.empty();
            }
        };
    }

    /// A path relative to the configuration file.
    Path relative(String name) {
        Path parent = document.file().toAbsolutePath().getParent();
        return parent == null ? Path.of(name) : parent.resolve(name).normalize();
    }

    /// Notes that a value breaks a rule.
    void reject(String key, String rule) {
        problem(key, "must be %s, was %s".formatted(rule, shown(values.get(key))));
    }

    /// Notes a problem with a key of this table.
    void problem(String key, String problem) {
        errors.add(new ConfigError(document.file(), line(key), full(key), problem));
    }

    /// Notes every key nobody asked for: a misspelt key must not be ignored.
    void close() {
        Set<String> unknown = new LinkedHashSet<>();
        values.keySet().forEach(key -> unknown.add(String.valueOf(key)));
        unknown.removeAll(asked);
        Set<String> candidates = new HashSet<>(asked);
        candidates.removeAll(values.keySet());
        for (String key : unknown) {
            problem(
                    key,
                    "unknown key"
                            + Spelling.nearest(key, candidates)
                                    .map(near -> "; did you mean '" + near + "'?")
                                    .orElse(""));
        }
    }

    /// The line of a key, or of the closest table around it.
    int line(String key) {
        String place = full(key);
        while (!place.isEmpty()) {
            Integer line = document.lines().get(place);
            if (line != null) {
                return line;
            }
            place = place.substring(0, Math.max(0, Math.max(place.lastIndexOf('.'), place.lastIndexOf('['))));
        }
        return 1;
    }

    private @Nullable Object take(String key) {
        asked.add(key);
        return values.get(key);
    }

    private <T> Optional<T> one(String key, Object value, Rule<T> rule) {
        Optional<T> result = value instanceof String text ? rule.read().apply(text) : Optional.empty();
        if (result.isEmpty()) {
            problem(key, "must be %s, was %s".formatted(rule.words(), shown(value)));
        }
        return result;
    }

    private static String shown(@Nullable Object value) {
        return switch (value) {
            case null -> "missing";
            case Map<?, ?> _ -> "a table";
            case List<?> _ -> "a list";
            default -> "'" + value + "'";
        };
    }

    private String full(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
