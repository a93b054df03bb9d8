package io.onebox.agent;

import io.onebox.agent.metrics.AgentMeters;
import io.onebox.agent.route.HostNetwork;
import io.onebox.agent.verticle.DataPlaneVerticle;
import io.vertx.core.Vertx;
import java.nio.file.Path;

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
        AgentMeters meters) {}
