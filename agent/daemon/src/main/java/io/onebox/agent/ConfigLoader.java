package io.onebox.agent;

import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.TomlDocument;
import io.onebox.shared.config.TomlProcessor;
import io.onebox.shared.config.TomlProcessor.TomlException;
import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;

/// Loads configuration files through vertx-config, with the line of every key.
final class ConfigLoader {

    private final Vertx vertx;

    ConfigLoader(Vertx vertx) {
        this.vertx = vertx;
    }

    /// The file as it is now, or everything that is wrong with it.
    Future<Loaded<TomlDocument>> load(Path file) {
        var store = new ConfigStoreOptions()
                .setType("file")
                .setFormat(TomlProcessor.FORMAT)
                .setConfig(new JsonObject()
                        .put("path", file.toAbsolutePath().toString())
                        .put(TomlProcessor.PLACES, true));
        var retriever = ConfigRetriever.create(
                vertx,
                new ConfigRetrieverOptions()
                        .setIncludeDefaultStores(false)
                        .setScanPeriod(-1)
                        .addStore(store));
        return retriever
                .getConfig()
                .<Loaded<TomlDocument>>map(json -> new Loaded.Valid<>(TomlProcessor.document(file, json)))
                .recover(failure -> failed(file, failure))
                .eventually(retriever::close);
    }

    private static Future<Loaded<TomlDocument>> failed(Path file, Throwable failure) {
        if (failure instanceof TomlException toml) {
            return Future.succeededFuture(new Loaded.Invalid<>(toml.errors().stream()
                    .map(error ->
                            new io.onebox.shared.config.ConfigError(file, error.line(), error.key(), error.problem()))
                    .toList()));
        }
        // The file cannot be read: read it once more for the reason in our own words.
        return TomlDocument.read(file) instanceof Loaded.Invalid<TomlDocument> invalid
                ? Future.succeededFuture(invalid)
                : Future.failedFuture(failure);
    }
}
