package io.onebox.shared.config;

import io.vertx.config.spi.ConfigProcessor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Teaches vertx-config the format `toml`.
///
/// A file becomes the JSON object one expects. With `"places": true` in the store's configuration it
/// becomes `{"values": …, "lines": …}` instead, so that what is wrong with a value can be reported
/// with its line: [#document] turns that back into a [TomlDocument].
public final class TomlProcessor implements ConfigProcessor {

    /// The format this processor reads.
    public static final String FORMAT = "toml";

    /// Option of the store: keep the line of each key.
    public static final String PLACES = "places";

    private static final String VALUES = "values";
    private static final String LINES = "lines";

    @Override
    public String name() {
        return FORMAT;
    }

    /// Fails with [TomlException] if the file is not TOML.
    @Override
    public Future<JsonObject> process(Vertx vertx, JsonObject configuration, Buffer input) {
        Path file = Path.of(configuration.getString("path", "toml"));
        return switch (TomlDocument.parse(file, input.toString(StandardCharsets.UTF_8))) {
            case Loaded.Invalid<TomlDocument>(var errors) -> Future.failedFuture(new TomlException(errors));
            case Loaded.Valid<TomlDocument>(var document) -> Future.succeededFuture(json(configuration, document));
        };
    }

    /// The document a store with [#PLACES] delivered.
    public static TomlDocument document(Path file, JsonObject json) {
        Map<String, Integer> lines = new LinkedHashMap<>();
        JsonObject places = json.getJsonObject(LINES);
        for (String key : places.fieldNames()) {
            lines.put(key, places.getInteger(key));
        }
        return new TomlDocument(file, plain(json.getJsonObject(VALUES)), lines);
    }

    private static JsonObject json(JsonObject configuration, TomlDocument document) {
        var values = new JsonObject(document.values());
        if (!configuration.getBoolean(PLACES, false)) {
            return values;
        }
        return new JsonObject().put(VALUES, values).put(LINES, new JsonObject(new LinkedHashMap<>(document.lines())));
    }

    private static Map<String, Object> plain(JsonObject object) {
        Map<String, Object> result = new LinkedHashMap<>();
        for (String key : object.fieldNames()) {
            result.put(key, plain(object.getValue(key)));
        }
        return result;
    }

    private static Object plain(Object value) {
        if (value instanceof JsonObject object) {
            return plain(object);
        }
        if (value instanceof JsonArray array) {
            List<Object> result = new ArrayList<>();
            array.forEach(element -> result.add(plain(element)));
            return result;
        }
        return value instanceof Integer number ? Long.valueOf(number) : value;
    }

    /// A file that is not TOML, with everything wrong in it.
    public static final class TomlException extends RuntimeException {

        private final transient List<ConfigError> errors;

        TomlException(List<ConfigError> errors) {
            super(String.join("; ", errors.stream().map(ConfigError::toString).toList()));
            this.errors = List.copyOf(errors);
        }

        /// Everything that is not TOML.
        public List<ConfigError> errors() {
            return errors;
        }
    }
}
