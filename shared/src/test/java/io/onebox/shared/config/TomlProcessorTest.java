package io.onebox.shared.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TomlProcessorTest {

    @TempDir
    private Path temporary;

    private final Vertx vertx = Vertx.vertx();
    private ConfigDirectory directory;

    @BeforeEach
    void writeKeys() {
        directory = new ConfigDirectory(temporary);
    }

    @AfterEach
    void closeVertx() {
        vertx.close().await();
    }

    @Test
    void isFoundByVertxConfigAndReadsTables() {
        Path file = directory.write("a.toml", "[a]\nb = [1, 2]\nc.\"d e\" = true\n[[f]]\ng = \"h\"\n");

        JsonObject json = retrieve(file, new JsonObject());

        assertThat(json)
                .isEqualTo(new JsonObject()
                        .put(
                                "a",
                                new JsonObject()
                                        .put("b", new JsonArray().add(1).add(2))
                                        .put("c", new JsonObject().put("d e", true)))
                        .put("f", new JsonArray().add(new JsonObject().put("g", "h"))));
    }

    @Test
    void keepsTheLinesOnRequest() {
        Path file = directory.write("client.toml", ConfigDirectory.sample("client.toml"));

        TomlDocument document =
                TomlProcessor.document(file, retrieve(file, new JsonObject().put(TomlProcessor.PLACES, true)));

        assertThat(document).isEqualTo(((Loaded.Valid<TomlDocument>) TomlDocument.read(file)).config());
        assertThat(ClientConfig.read(document)).isEqualTo(ClientConfig.load(file));
        assertThat(document.lines()).containsEntry("link[0].upload", 28).containsEntry("tunnel.dns[1]", 13);
    }

    @Test
    void failsWithEveryErrorAndItsLine() {
        Path file = directory.write("broken.toml", "a = 1\na = 2\n[b\n");

        Throwable failure = catchThrowable(() -> retrieve(file, new JsonObject()));

        assertThat(failure).isInstanceOf(TomlProcessor.TomlException.class);
        assertThat(((TomlProcessor.TomlException) failure).errors())
                .extracting(ConfigError::line)
                .contains(2, 3);
    }

    private JsonObject retrieve(Path file, JsonObject config) {
        var store = new ConfigStoreOptions()
                .setType("file")
                .setFormat(TomlProcessor.FORMAT)
                .setConfig(config.put("path", file.toString()));
        return ConfigRetriever.create(
                        vertx, new ConfigRetrieverOptions().setScanPeriod(-1).addStore(store))
                .getConfig()
                .await();
    }
}
