package io.onebox.shared.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/// A TOML file as plain values, with the line of each.
///
/// @param file for messages, and where relative paths begin
/// @param values texts, whole numbers, booleans, lists and maps; everything else as text
/// @param lines line of each key, by its full path such as `link[1].upload`
public record TomlDocument(Path file, Map<String, Object> values, Map<String, Integer> lines) {

    /// The key under which what is wrong with the file itself is reported.
    static final String FILE_KEY = "file";

    private static final String SYNTAX_KEY = "syntax";

    /// Reads a file, or says why it cannot be read, or everything that is not TOML in it.
    public static Loaded<TomlDocument> read(Path file) {
        try {
            return parse(file, Files.readString(file));
        } catch (NoSuchFileException _) {
            return unreadable(file, "does not exist");
        } catch (AccessDeniedException _) {
            return unreadable(
                    file, "cannot be read: permission denied; run as root, or for the service: chmod 644 " + file);
        } catch (MalformedInputException _) {
            return unreadable(file, "is not UTF-8 text");
        } catch (IOException e) {
            return unreadable(file, "cannot be read: " + e.getMessage());
        }
    }

    /// Reads the text of a file.
    public static Loaded<TomlDocument> parse(Path file, String text) {
        TomlParseResult result = Toml.parse(text);
        if (result.hasErrors()) {
            return new Loaded.Invalid<>(result.errors().stream()
                    .map(error -> new ConfigError(
                            file,
                            error.position().line(),
                            SYNTAX_KEY,
                            "column %d: %s".formatted(error.position().column(), error.getMessage())))
                    .toList());
        }
        Map<String, Integer> lines = new LinkedHashMap<>();
        return new Loaded.Valid<>(new TomlDocument(file, table(result, "", lines), lines));
    }

    private static <T> Loaded<T> unreadable(Path file, String problem) {
        return new Loaded.Invalid<>(List.of(new ConfigError(file, 1, FILE_KEY, problem)));
    }

    private static Map<String, Object> table(TomlTable table, String path, Map<String, Integer> lines) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String key : table.keySet()) {
            String full = path.isEmpty() ? key : path + "." + key;
            List<String> keyPath = List.of(key);
            var position = table.inputPositionOf(keyPath);
            if (position != null) {
                lines.put(full, position.line());
            }
            Object value = table.get(keyPath);
            if (value != null) {
                values.put(key, value(value, full, lines));
            }
        }
        return values;
    }

    private static List<Object> array(TomlArray array, String path, Map<String, Integer> lines) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            String full = path + "[" + i + "]";
            lines.put(full, array.inputPositionOf(i).line());
            values.add(value(array.get(i), full, lines));
        }
        return values;
    }

    private static Object value(Object value, String path, Map<String, Integer> lines) {
        return switch (value) {
            case TomlTable table -> table(table, path, lines);
            case TomlArray array -> array(array, path, lines);
            case String text -> text;
            case Long number -> number;
            case Boolean flag -> flag;
            default -> value.toString();
        };
    }
}
