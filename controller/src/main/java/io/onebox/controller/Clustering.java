package io.onebox.controller;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import io.onebox.controller.trust.ControllerKeys;
import io.onebox.shared.config.ClusterConfig;
import io.onebox.shared.config.HostPort;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.Map;

/// Vert.x with an event bus that reaches the other nodes of the controller, which Hazelcast finds.
public final class Clustering {

    /// How long a bus connection may be silent, and its answer late.
    private static final long PING_MS = 5_000;

    /// Nothing is asked of the network but the members, nothing is told anybody else. A member that is silent for 15
    /// seconds is dropped, and found again within 10 once it speaks.
    private static final Map<String, String> PROPERTIES = Map.of(
            "hazelcast.phone.home.enabled", "false",
            "hazelcast.logging.type", "slf4j",
            "hazelcast.shutdownhook.enabled", "false",
            "hazelcast.socket.bind.any", "false",
            "hazelcast.heartbeat.interval.seconds", "2",
            "hazelcast.max.no.heartbeat.seconds", "15",
            "hazelcast.merge.first.run.delay.seconds", "10",
            "hazelcast.merge.next.run.delay.seconds", "10",
            "hazelcast.wait.seconds.before.join", "0",
            "hazelcast.operation.call.timeout.millis", "10000");

    private Clustering() {}

    /// Starts it, and waits until this node is a member.
    public static Vertx start(VertxBuilder builder, VertxOptions options, ClusterConfig cluster, ControllerKeys keys) {
        options.setEventBusOptions(new EventBusOptions()
                .setHost(cluster.listen().host())
                .setPort(cluster.busPort())
                .setClusterPingInterval(PING_MS)
                .setClusterPingReplyInterval(PING_MS));
        return builder.with(options)
                .withClusterManager(new HazelcastClusterManager(hazelcast(cluster, keys)))
                .buildClustered()
                .await();
    }

    private static Config hazelcast(ClusterConfig cluster, ControllerKeys keys) {
        var config = new Config();
        PROPERTIES.forEach(config::setProperty);
        // Nodes of another controller do not join by mistake.
        config.setClusterName("onebox-" + keys.root().fingerprint());
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(cluster.listen().port()).setPortAutoIncrement(false);
        network.getInterfaces().setEnabled(true).addInterface(cluster.listen().host());
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(2);
        cluster.members().stream().map(HostPort::toString).forEach(join.getTcpIpConfig()::addMember);
        config.getMultiMapConfig("__vertx.subs").setBackupCount(1);
        config.getMapConfig("__vertx.haInfo").setBackupCount(1);
        config.getMapConfig("__vertx.nodeInfo").setBackupCount(1);
        return config;
    }
}
