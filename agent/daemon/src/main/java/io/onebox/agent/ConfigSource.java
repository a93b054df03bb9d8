package io.onebox.agent;

import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.TomlDocument;
import io.vertx.core.Future;

/// Where an agent's configuration comes from, whenever it is asked.
@FunctionalInterface
interface ConfigSource {

    /// The configuration as it is now, or everything that is wrong with it.
    Future<Loaded<TomlDocument>> load();
}
