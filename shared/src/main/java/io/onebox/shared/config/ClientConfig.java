package io.onebox.shared.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `client.toml`: a client of one server.
///
/// @param server whom to reach, and where
/// @param mode how the links share the load
/// @param include patterns of interfaces to use
/// @param exclude patterns of interfaces not to use, though included
/// @param links settings of single links
public record ClientConfig(
        Server server,
        Identity identity,
        TunnelConfig tunnel,
        BondingMode mode,
        List<String> include,
        List<String> exclude,
        List<LinkConfig> links,
        LocalConfig local) {

    private static final int METRICS_PORT = 9586;

    private static final Rule<BondingMode> MODE = Rules.choice(BondingMode.values(), BondingMode::spelling);

    public ClientConfig {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        links = List.copyOf(links);
    }

    /// The server.
    ///
    /// @param endpoints where to reach it, best first
    /// @param publicKey in base64
    /// @param presharedKey mixed into the handshake, if there is one
    public record Server(List<HostPort> endpoints, String publicKey, Optional<Secret> presharedKey) {
        public Server {
            endpoints = List.copyOf(endpoints);
        }

        static Server read(ConfigSection section) {
            var server = new Server(
                    section.requiredList("endpoints", HostPort.RULE),
                    section.required("public-key", Rules.PUBLIC_KEY).orElse(""),
                    ClientConfig.presharedKey(section));
            section.close();
            return server;
        }
    }

    /// The settings of a link: those configured, or the defaults.
    public LinkConfig link(String interfaceName) {
        return links.stream()
                .filter(link -> link.interfaceName().equals(interfaceName))
                .findFirst()
                .orElseGet(() -> LinkConfig.unconfigured(interfaceName));
    }

    /// Reads a file, and the key files it names.
    public static Loaded<ClientConfig> load(Path file) {
        return switch (TomlDocument.read(file)) {
            case Loaded.Invalid<TomlDocument>(var errors) -> new Loaded.Invalid<>(errors);
            case Loaded.Valid<TomlDocument>(var document) -> read(document);
        };
    }

    /// Reads a document, and the key files it names.
    public static Loaded<ClientConfig> read(TomlDocument document) {
        List<ConfigError> errors = new ArrayList<>();
        return ConfigSection.read(document, errors, () -> read(ConfigSection.root(document, errors)));
    }

    /// Reads the tables of a document that are about this machine, and no others.
    public static Loaded<LocalConfig> readLocal(TomlDocument document) {
        return LocalConfig.only(document, "client", METRICS_PORT);
    }

    private static ClientConfig read(ConfigSection root) {
        ConfigSection bonding = root.section("bonding");
        ConfigSection links = root.section("links");
        var config = new ClientConfig(
                Server.read(root.section("server")),
                Identity.read(root.section("identity")),
                TunnelConfig.readClient(root.section("tunnel")),
                bonding.text("mode", MODE, BondingMode.AGGREGATE),
                links.list("include", Rules.INTERFACE_PATTERN, List.of("*")),
                links.list("exclude", Rules.INTERFACE_PATTERN, List.of("lo", "docker*", "veth*", "br-*")),
                links(root.sections("link")),
                LocalConfig.read(root, "client", METRICS_PORT));
        bonding.close();
        links.close();
        root.close();
        return config;
    }

    private static List<LinkConfig> links(List<ConfigSection> sections) {
        Set<String> names = new HashSet<>();
        List<LinkConfig> links = new ArrayList<>();
        for (ConfigSection section : sections) {
            LinkConfig link = LinkConfig.read(section);
            if (!names.add(link.interfaceName())) {
                section.problem(
                        "interface", "is a duplicate: '" + link.interfaceName() + "' has its own [[link]] above");
            }
            links.add(link);
        }
        return links;
    }

    static Optional<Secret> presharedKey(ConfigSection section) {
        String key = "preshared-key-file";
        String name = section.text(key, Rules.ANY, "");
        return name.isEmpty() ? Optional.empty() : section.secret(key, name);
    }
}
