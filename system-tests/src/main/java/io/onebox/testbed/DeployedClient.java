package io.onebox.testbed;

/// A client as deployed: its agent, its uplinks, its addresses in the tunnel.
public final class DeployedClient {

    private final TestbedClient uplinks;
    private final AgentProcess agent;
    private final AgentKeys keys = AgentKeys.generate();
    private final String presharedKey = AgentKeys.randomSecret();
    private final String serverKey;
    private final String moreToml;

    DeployedClient(TestbedClient uplinks, AgentProcess agent, String serverKey, String moreToml) {
        this.uplinks = uplinks;
        this.agent = agent;
        this.serverKey = serverKey;
        this.moreToml = moreToml;
    }

    /// Its box.
    public TestbedClient uplinks() {
        return uplinks;
    }

    /// Its host.
    public TestbedHost host() {
        return uplinks.host();
    }

    /// Its agent.
    public AgentProcess agent() {
        return agent;
    }

    /// Its keys.
    public AgentKeys keys() {
        return keys;
    }

    /// What it shares with the server beside keys.
    public String presharedKey() {
        return presharedKey;
    }

    /// Its name at the server.
    public String name() {
        return "client" + uplinks.index();
    }

    /// Its address in the tunnel.
    public String address() {
        return "10.77.0." + (2 + uplinks.index());
    }

    /// Its IPv6 address in the tunnel.
    public String address6() {
        return "fd77::" + (2 + uplinks.index());
    }

    /// Writes its configuration: everything through the tunnel, over every uplink.
    public void writeConfig() {
        writeConfig(config());
    }

    /// Writes another configuration; the lines every agent needs here are appended.
    public void writeConfig(String toml) {
        agent.files().writeConfig(toml);
    }

    /// Its configuration as [#writeConfig()] writes it.
    public String config() {
        AgentFiles files = agent.files();
        return """
                [server]
                endpoints = ["%s:%d"]
                public-key = "%s"
                preshared-key-file = "%s"
                [identity]
                private-key-file = "%s"
                [tunnel]
                interface = "onebox0"
                addresses = ["%s/32", "%s/128"]
                routes = ["0.0.0.0/0", "::/0"]
                %s""".formatted(
                        Testbed.SERVER,
                        Deployment.PORT,
                        serverKey,
                        files.secret("psk", presharedKey),
                        files.secret("client.key", keys.privateKey()),
                        address(),
                        address6(),
                        moreToml);
    }
}
