package io.onebox.testbed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A server and its clients, configured for each other: keys, addresses, files. Inner addresses are
/// `10.77.0.1` and `fd77::1` for the server, `10.77.0.2` and so on for its clients.
public final class Deployment {

    /// UDP port of the server inside its own namespace.
    public static final int PORT = 51820;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Testbed testbed;
    private final String serverToml;
    private final AgentKeys serverKeys = AgentKeys.generate();
    private final AgentProcess server;
    private final List<DeployedClient> clients = new ArrayList<>();
    private String shards = "\"auto\"";

    /// A server without clients, not running.
    public Deployment(Testbed testbed) {
        this(testbed, "");
    }

    /// A server without clients, not running.
    ///
    /// @param serverToml more lines for its configuration
    public Deployment(Testbed testbed, String serverToml) {
        this.testbed = testbed;
        this.serverToml = serverToml;
        this.server = new AgentProcess(
                testbed.server(), new AgentFiles(testbed.directory().resolve("server"), "server"));
    }

    /// Adds a client with all of its uplinks: the server knows it when it is started or reloaded next.
    public DeployedClient add(TestbedClient client) {
        return add(client, "");
    }

    /// As [#add(TestbedClient)], with more lines for its configuration.
    public DeployedClient add(TestbedClient client, String moreToml) {
        var files = new AgentFiles(testbed.directory().resolve("client" + client.index()), "client");
        var added =
                new DeployedClient(client, new AgentProcess(client.host(), files), serverKeys.publicKey(), moreToml);
        added.writeConfig();
        clients.add(added);
        return added;
    }

    /// Sets how many shards share the server's sessions when it is started next.
    public Deployment shards(String count) {
        shards = count;
        return this;
    }

    /// Makes the server forget a client when it is started or reloaded next.
    public void remove(DeployedClient client) {
        clients.remove(client);
    }

    /// The server.
    public AgentProcess server() {
        return server;
    }

    /// The keys of the server.
    public AgentKeys serverKeys() {
        return serverKeys;
    }

    /// The clients.
    public List<DeployedClient> clients() {
        return List.copyOf(clients);
    }

    /// Writes the server's configuration.
    public void writeServerConfig() {
        AgentFiles files = server.files();
        var toml = new StringBuilder("""
                [listen]
                port = %d
                shards = %s
                [identity]
                private-key-file = "%s"
                [tunnel]
                interface = "onebox0"
                addresses = ["10.77.0.1/24", "fd77::1/64"]
                """.formatted(PORT, shards, files.secret("server.key", serverKeys.privateKey())));
        for (DeployedClient client : clients) {
            toml.append("""

                    [[client]]
                    name = "%s"
                    public-key = "%s"
                    preshared-key-file = "%s"
                    addresses = ["%s/32", "%s/128"]
                    """.formatted(
                            client.name(),
                            client.keys().publicKey(),
                            files.secret(client.name() + ".psk", client.presharedKey()),
                            client.address(),
                            client.address6()));
        }
        files.writeConfig(toml + "\n" + serverToml);
    }

    /// Starts the server and waits until it answers.
    public Deployment startServer() {
        writeServerConfig();
        server.start().awaitRunning(PATIENCE);
        return this;
    }

    /// Starts a controller, enrols the server and all clients, and waits until every uplink carries data. The agents
    /// make their own keys, and nobody writes a file for them.
    public Deployment start(ControllerProcess controller) {
        controller.init().start();
        return enrol(controller);
    }

    /// As [#start(ControllerProcess)], at a controller that runs.
    public Deployment enrol(ControllerProcess controller) {
        server.enrol(controller.token("server"), "server").start().awaitRunning(PATIENCE);
        for (DeployedClient client : clients) {
            client.agent().enrol(controller.token("client"), client.name()).start();
        }
        clients.forEach(
                client -> client.agent().awaitLinks(client.uplinks().links().size(), PATIENCE));
        return this;
    }

    /// Starts the server and all clients, and waits until every uplink carries data.
    public Deployment start() {
        writeServerConfig();
        server.start();
        clients.forEach(client -> client.agent().start());
        server.awaitRunning(PATIENCE);
        clients.forEach(
                client -> client.agent().awaitLinks(client.uplinks().links().size(), PATIENCE));
        return this;
    }
}
