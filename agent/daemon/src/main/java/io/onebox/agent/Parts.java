package io.onebox.agent;

import io.onebox.agent.metrics.AgentMeters;
import io.onebox.agent.route.HostNetwork;
import io.onebox.agent.verticle.DataPlaneVerticle;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an agent of either role is made of.
///
/// @param configFile to reload
/// @param thread on which the agent acts
/// @param host its changes to this machine
/// @param dataPlane deployed
record Parts(
        Path configFile,
        Vertx vertx,
        AgentThread thread,
        HostNetwork host,
        DataPlaneVerticle dataPlane,
        Sampler sampler,
        AgentMeters meters) {

    private static final Logger log = LoggerFactory.getLogger(Parts.class);

    /// How often to look whether others have removed our rules. A guess: it costs two netlink dumps.
    private static final Duration HOST_INTERVAL = Duration.ofSeconds(10);

    /// Looks after the host again and again, on the agent's thread.
    void keepHost(Runnable look) {
        vertx.setPeriodic(HOST_INTERVAL.toMillis(), _ -> thread.run("look after the host", look));
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
