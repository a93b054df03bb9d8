package io.onebox.shared.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `docs/reference/configuration.md` shows every key there is, with the default it has.
class ConfigurationReferenceTest {

    @TempDir
    private Path temporary;

    private ConfigDirectory directory;
    private String client;
    private String server;

    @BeforeEach
    void readDocument() {
        directory = new ConfigDirectory(temporary);
        client = documented("client.toml");
        server = documented("server.toml");
    }

    private static String documented(String file) {
        Path document = Path.of("..", "docs", "reference", "configuration.md");
        try {
            Matcher block = Pattern.compile("## " + file + "\\s+```toml\\n(.*?)```", Pattern.DOTALL)
                    .matcher(Files.readString(document));
            assertThat(block.find()).as(file + " in " + document).isTrue();
            return block.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatIsNotRequiredIsWrittenWithItsDefault() {
        assertThat(directory.client(client))
                .hasToString(directory.client(onlyRequired(client)).toString());
        assertThat(directory.server(server))
                .hasToString(directory.server(onlyRequired(server)).toString());
    }

    /// The tables, and the keys whose comment says that they are required.
    private static String onlyRequired(String toml) {
        return toml.lines()
                .filter(line -> line.startsWith("[") || line.contains("# required"))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    @Test
    void everyKeyTheProgramReadsIsDocumented() {
        assertThat(keysRead(client, ClientConfig::read))
                .isEqualTo(keysOf(parsed(client).values(), ""));
        assertThat(keysRead(server, ServerConfig::read))
                .isEqualTo(keysOf(parsed(server).values(), ""));
    }

    @Test
    void theControllersFileIsDocumentedWithItsDefaults() {
        String controller = documented("controller.toml");

        assertThat(ControllerConfig.read(parsed(controller)))
                .isEqualTo(ControllerConfig.read(parsed(onlyRequired(controller))))
                .isInstanceOf(Loaded.Valid.class);
        assertThat(keysRead(controller, ControllerConfig::read))
                .isEqualTo(keysOf(parsed(controller).values(), ""));
    }

    /// Whole files as they stand, and excerpts within what every client or server needs.
    @Test
    void everyExampleInTheDocumentsIsRight() {
        List<String> examples = tomlIn(Path.of("..", "docs", "how-to"));

        assertThat(examples).isNotEmpty().allSatisfy(example -> {
            if (example.contains("[http]")) {
                assertThat(ControllerConfig.read(parsed(example))).isInstanceOf(Loaded.Valid.class);
            } else if (example.contains("[[client]]")) {
                String whole = example.contains("[tunnel]") ? example : within(onlyRequired(server), example);
                assertThat(directory.serverErrors(whole)).as(whole).isEmpty();
            } else {
                String whole =
                        example.contains("[server]") ? example : within(onlyRequired(withoutLinks(client)), example);
                assertThat(directory.clientErrors(whole)).as(whole).isEmpty();
            }
        });
    }

    /// An excerpt in a file: what it says of a table stands in that table.
    private static String within(String file, String excerpt) {
        String whole = file;
        for (String table : Pattern.compile("^(?=\\[)", Pattern.MULTILINE)
                .splitAsStream(excerpt)
                .toList()) {
            String header = table.substring(0, table.indexOf('\n') + 1);
            boolean isKnown = header.startsWith("[") && !header.startsWith("[[") && whole.contains(header);
            whole = isKnown ? whole.replace(header, table) : whole + table;
        }
        return whole;
    }

    private static List<String> tomlIn(Path documents) {
        try (Stream<Path> files = Files.list(documents)) {
            List<String> blocks = new ArrayList<>();
            for (Path file : files.toList()) {
                Pattern.compile("```toml\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(file))
                        .results()
                        .forEach(block -> blocks.add(block.group(1)));
            }
            return blocks;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutLinks(String toml) {
        return toml.substring(0, toml.indexOf("[bonding]"));
    }

    private Set<String> keysRead(String toml, Consumer<TomlDocument> reading) {
        TomlDocument document = parsed(toml);
        Set<String> read = new TreeSet<>();
        reading.accept(new TomlDocument(document.file(), new Watched(document.values(), "", read), document.lines()));
        return read;
    }

    private TomlDocument parsed(String toml) {
        Loaded<TomlDocument> document = TomlDocument.parse(temporary.resolve("some.toml"), toml);
        assertThat(document).isInstanceOf(Loaded.Valid.class);
        return ((Loaded.Valid<TomlDocument>) document).config();
    }

    private static Set<String> keysOf(Map<?, ?> table, String path) {
        Set<String> keys = new TreeSet<>();
        table.forEach((key, value) -> {
            keys.add(path + key);
            for (Map<?, ?> inner : tablesIn(value)) {
                keys.addAll(keysOf(inner, path + key + "."));
            }
        });
        return keys;
    }

    private static List<Map<?, ?>> tablesIn(Object value) {
        List<Map<?, ?>> tables = new ArrayList<>();
        for (Object item : value instanceof List<?> list ? list : List.of(value)) {
            if (item instanceof Map<?, ?> table) {
                tables.add(table);
            }
        }
        return tables;
    }

    /// A table that remembers which keys it was asked for.
    private static final class Watched extends LinkedHashMap<String, Object> {
        private final transient String path;
        private final transient Set<String> asked;

        Watched(Map<?, ?> table, String path, Set<String> asked) {
            this.path = path;
            this.asked = asked;
            table.forEach((key, value) -> put((String) key, watched(value, path + key + ".")));
        }

        private Object watched(Object value, String inner) {
            return switch (value) {
                case Map<?, ?> table -> new Watched(table, inner, asked);
                case List<?> list ->
                    list.stream().map(item -> watched(item, inner)).toList();
                default -> value;
            };
        }

        @Override
        public Object get(Object key) {
            asked.add(path + key);
            return super.get(key);
        }
    }
}
