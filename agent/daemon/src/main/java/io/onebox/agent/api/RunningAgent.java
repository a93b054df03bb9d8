package io.onebox.agent.api;

import io.onebox.agent.status.Control;
import io.onebox.agent.status.Reading;
import io.onebox.agent.status.Samples;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the local API asks of the agent it belongs to. May be called from any thread; what cannot be done fails with
/// [ApiException].
public interface RunningAgent {

    /// The agent now, from a fresh sample.
    Future<Reading> read();

    /// The agent as of the last sample in [#samples].
    Reading lastReading();

    /// A sample a second.
    Samples samples();

    /// Changes how a link is used, until the agent stops or reloads its configuration.
    Future<Void> changeLink(String name, LinkChange change);

    /// Switches the data plane on.
    Future<Void> up();

    /// Switches the data plane off; the service stays.
    Future<Void> down();

    /// Reads the configuration again and applies what differs.
    ///
    /// @return what was changed, a line each
    Future<List<String>> reload();

    /// Asks the controller to be asked for new keys.
    default Future<Void> rekey() {
        return Future.failedFuture(new ApiException(
                ApiException.Kind.REFUSED,
                "no controller configures this agent",
                "make a key with keygen, and give its public half to the other end"));
    }

    /// How it stands with its controller.
    Control control();

    /// The configuration in force, without secrets, as JSON.
    Map<String, @Nullable Object> config();
}
