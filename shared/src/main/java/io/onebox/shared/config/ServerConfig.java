package io.onebox.shared.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `server.toml`: a server of many clients.
///
/// @param port UDP, IPv4 and IPv6
/// @param shards threads that share the sessions, or [#AUTO_SHARDS]
/// @param mode how the paths of each client share the load on the way to it
public record ServerConfig(
        int port,
        int shards,
        Identity identity,
        TunnelConfig tunnel,
        Forwarding forwarding,
        BondingMode mode,
        List<Client> clients,
        LocalConfig local) {

    /// `"auto"`: one for each processor, 16 at the most.
    public static final int AUTO_SHARDS = 0;

    private static final int MAX_SHARDS = 16;
    private static final int DEFAULT_PORT = 51_820;
    private static final int MAX_PORT = 0xffff;
    private static final int METRICS_PORT = 9587;

    private static final Rule<BondingMode> MODE = Rules.choice(BondingMode.values(), BondingMode::spelling);

    public ServerConfig {
        clients = List.copyOf(clients);
    }

    /// Where tunnel traffic may go.
    ///
    /// @param nat whether to masquerade tunnel traffic
    /// @param interfaceName by which it leaves; empty is that of the default route
    /// @param clientToClient whether clients may reach each other
    public record Forwarding(boolean nat, Optional<String> interfaceName, boolean clientToClient) {

        private static final String AUTO = "auto";

        static Forwarding read(ConfigSection section) {
            var forwarding = new Forwarding(
                    section.flag("nat", true),
                    Optional.of(section.text("interface", Rules.INTERFACE_NAME, AUTO))
                            .filter(name -> !name.equals(AUTO)),
                    section.flag("client-to-client", false));
            section.close();
            return forwarding;
        }
    }

    /// One client.
    ///
    /// @param name for people, unique
    /// @param publicKey in base64, unique
    /// @param presharedKey mixed into the handshake, if there is one
    /// @param addresses source addresses it may use; also routed to it
    public record Client(String name, String publicKey, Optional<Secret> presharedKey, List<Prefix> addresses) {
        public Client {
            addresses = List.copyOf(addresses);
        }

        static Client read(ConfigSection section) {
            var client = new Client(
                    section.required("name", Rules.NAME).orElse(""),
                    section.required("public-key", Rules.PUBLIC_KEY).orElse(""),
                    ClientConfig.presharedKey(section),
                    section.requiredList("addresses", Prefix.NETWORK));
            section.close();
            return client;
        }
    }

    /// Reads a file, and the key files it names.
    public static Loaded<ServerConfig> load(Path file) {
        return switch (TomlDocument.read(file)) {
            case Loaded.Invalid<TomlDocument>(var errors) -> new Loaded.Invalid<>(errors);
            case Loaded.Valid<TomlDocument>(var document) -> read(document);
        };
    }

    /// Reads a document, and the key files it names.
    public static Loaded<ServerConfig> read(TomlDocument document) {
        List<ConfigError> errors = new ArrayList<>();
        return ConfigSection.read(document, errors, () -> read(ConfigSection.root(document, errors)));
    }

    /// Reads the tables of a document that are about this machine, and no others.
    public static Loaded<LocalConfig> readLocal(TomlDocument document) {
        return LocalConfig.only(document, "server", METRICS_PORT);
    }

    private static ServerConfig read(ConfigSection root) {
        ConfigSection listen = root.section("listen");
        ConfigSection bonding = root.section("bonding");
        TunnelConfig tunnel = TunnelConfig.readServer(root.section("tunnel"));
        var config = new ServerConfig(
                listen.integer("port", 1, MAX_PORT, DEFAULT_PORT),
                listen.integerOrAuto("shards", 1, MAX_SHARDS, AUTO_SHARDS),
                Identity.read(root.section("identity")),
                tunnel,
                Forwarding.read(root.section("forwarding")),
                bonding.text("mode", MODE, BondingMode.AGGREGATE),
                clients(root.sections("client"), tunnel),
                LocalConfig.read(root, "server", METRICS_PORT));
        listen.close();
        bonding.close();
        root.close();
        return config;
    }

    private static List<Client> clients(List<ConfigSection> sections, TunnelConfig tunnel) {
        Map<String, String> names = new HashMap<>();
        Map<String, String> keys = new HashMap<>();
        Map<Prefix, String> addresses = new HashMap<>();
        List<Client> clients = new ArrayList<>();
        for (ConfigSection section : sections) {
            Client client = Client.read(section);
            String who = client.name().isEmpty() ? "another client" : "client '" + client.name() + "'";
            refuseSecond(section, "name", names, client.name(), who);
            refuseSecond(section, "public-key", keys, client.publicKey(), who);
            for (Prefix address : client.addresses()) {
                refuseSecond(section, "addresses", addresses, address, who);
                refuseOurs(section, address, tunnel);
            }
            clients.add(client);
        }
        return clients;
    }

    private static <K> void refuseSecond(ConfigSection section, String key, Map<K, String> seen, K value, String who) {
        if (value.equals("")) {
            return;
        }
        String first = seen.putIfAbsent(value, who);
        if (first != null) {
            section.problem(key, "is a duplicate: '%s' already belongs to %s".formatted(value, first));
        }
    }

    private static void refuseOurs(ConfigSection section, Prefix address, TunnelConfig tunnel) {
        for (Prefix ours : tunnel.addresses()) {
            if (ours.address().equals(address.address())) {
                section.problem("addresses", "is a duplicate: '%s' is the server's own address".formatted(address));
            }
        }
    }
}
