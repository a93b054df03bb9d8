package io.onebox.agent;

import io.onebox.agent.metrics.AgentMeters;
import io.onebox.agent.route.HostNetwork;
import io.onebox.agent.verticle.DataPlane;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an agent of either role is made of.
///
/// @param documents to reload
/// @param thread on which the agent acts
/// @param host its changes to this machine
/// @param dataPlane deployed
/// @param undo what must end with the agent
record Parts(
        ConfigSource documents,
        Vertx vertx,
        AgentThread thread,
        HostNetwork host,
        DataPlane dataPlane,
        Sampler sampler,
        AgentMeters meters,
        Undo undo) {

    private static final Logger log = LoggerFactory.getLogger(Parts.class);

    /// How often to look whether others have removed our rules. A guess: it costs two netlink dumps.
    private static final Duration HOST_INTERVAL = Duration.ofSeconds(10);

    /// Looks after the host again and again, on the agent's thread.
    void keepHost(Runnable look) {
        every(HOST_INTERVAL, () -> thread.run("look after the host", look));
    }

    /// Does something again and again, until the agent ends.
    void every(Duration interval, Runnable action) {
        long timer = vertx.setPeriodic(interval.toMillis(), _ -> action.run());
        undo.add(() -> vertx.cancelTimer(timer));
    }

    /// Makes again what others have removed, and says so.
    void repairHost() {
        int repaired = host.repair();
        if (repaired > 0) {
            log.atWarn()
                    .addKeyValue("changes", repaired)
                    .log("another program removed rules or routes of ours; packets may have left in the clear");
        }
    }
}
