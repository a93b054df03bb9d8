package io.onebox.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.shared.config.ConfigError;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.TomlDocument;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {

    @TempDir
    private Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final ConfigLoader loader = new ConfigLoader(vertx);

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void loadsAFileAsTheCommandsReadIt() throws IOException {
        Path file = Files.writeString(directory.resolve("a.toml"), "[a]\nb = [1, 'x']\n[[c]]\nd = true\n");

        assertThat(loader.load(file).await()).isEqualTo(TomlDocument.read(file));
    }

    @Test
    void loadsItAnewEachTime() throws IOException {
        Path file = Files.writeString(directory.resolve("a.toml"), "a = 1\n");
        loader.load(file).await();
        Files.writeString(file, "a = 2\n");

        assertThat(((Loaded.Valid<TomlDocument>) loader.load(file).await())
                        .config()
                        .values())
                .containsEntry("a", 2L);
    }

    @Test
    void listsWhatIsNotToml() throws IOException {
        Path file = Files.writeString(directory.resolve("a.toml"), "a = 1\na = 2\n[b\n");

        assertThat(((Loaded.Invalid<TomlDocument>) loader.load(file).await()).errors())
                .extracting(ConfigError::file)
                .hasSizeGreaterThan(1)
                .containsOnly(file);
    }

    @Test
    void saysThatThereIsNoFile() {
        Path file = directory.resolve("nowhere.toml");

        assertThat(((Loaded.Invalid<TomlDocument>) loader.load(file).await()).errors())
                .extracting(ConfigError::toString)
                .containsExactly(file + ":1: file: does not exist");
    }
}
