package io.onebox.shared.config;

import io.onebox.shared.identity.EnrolmentToken;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `controller.toml`.
///
/// @param listen the one TLS port: API and agents
/// @param publicUrls how agents reach it, best first; empty is the address it listens on
/// @param tls whose certificate it shows
/// @param certificate with `tls = "files"`
/// @param trustedProxies whose word on where a request comes from is believed
/// @param database where it keeps what it knows
/// @param cluster the other nodes; empty is a node alone
/// @param networks from which agents get their addresses, at most one of each family
/// @param stateDirectory root, master key, certificates
/// @param metrics where Prometheus finds us; empty is off
/// @param log how to log
public record ControllerConfig(
        HostPort listen,
        List<URI> publicUrls,
        Tls tls,
        Optional<Certificate> certificate,
        List<Prefix> trustedProxies,
        DatabaseConfig database,
        Optional<ClusterConfig> cluster,
        List<Prefix> networks,
        Path stateDirectory,
        Optional<HostPort> metrics,
        LogConfig log) {

    private static final String DEFAULT_LISTEN = "0.0.0.0:8443";
    private static final String DEFAULT_STATE = "/var/lib/onebox-controller";
    private static final String DEFAULT_METRICS = "127.0.0.1:9588";

    /// A network for many agents: 2 to the power of 8 at least.
    private static final int MIN_HOST_BITS = 8;

    private static final Rule<Tls> TLS =
            Rules.choice(Tls.values(), tls -> tls.name().toLowerCase(Locale.ROOT));

    private static final Rule<URI> URL = new Rule<>(
            "a URL such as \"https://controller.example.net:8443\"",
            text -> Optional.of(text).filter(EnrolmentToken::isAcceptable).map(URI::create));

    private static final Rule<Path> DIRECTORY = new Rule<>(
            "an absolute path",
            text -> Optional.of(text).filter(path -> path.startsWith("/")).map(Path::of));

    public ControllerConfig {
        publicUrls = List.copyOf(publicUrls);
        trustedProxies = List.copyOf(trustedProxies);
        networks = List.copyOf(networks);
    }

    /// Whose certificate the port shows.
    public enum Tls {
        /// One of the controller's own root; agents know it by their token.
        INTERNAL,
        /// One of the web's, from files; agents trust it as a browser does.
        FILES,
        /// None: a proxy in front has one of the web's, and talks to us in the clear.
        PROXY
    }

    /// A certificate and its key, in PEM.
    public record Certificate(Path certificateFile, Path keyFile) {}

    /// Reads a file.
    public static Loaded<ControllerConfig> load(Path file) {
        return switch (TomlDocument.read(file)) {
            case Loaded.Invalid<TomlDocument>(var errors) -> new Loaded.Invalid<>(errors);
            case Loaded.Valid<TomlDocument>(var document) -> read(document);
        };
    }

    /// Reads a document.
    public static Loaded<ControllerConfig> read(TomlDocument document) {
        List<ConfigError> errors = new ArrayList<>();
        return ConfigSection.read(document, errors, () -> read(ConfigSection.root(document, errors)));
    }

    /// The URLs agents are told: the configured ones, or the address it listens on.
    public List<URI> urls() {
        return publicUrls.isEmpty() ? List.of(URI.create("https://" + listen)) : publicUrls;
    }

    private static ControllerConfig read(ConfigSection root) {
        ConfigSection http = root.section("http");
        ConfigSection tunnel = root.section("tunnel");
        ConfigSection state = root.section("state");
        ConfigSection metrics = root.section("metrics");
        HostPort listen = http.text(
                "listen", HostPort.RULE, HostPort.parse(DEFAULT_LISTEN).orElseThrow());
        List<URI> urls = http.list("public-urls", URL, List.of());
        Path directory = state.text("directory", DIRECTORY, Path.of(DEFAULT_STATE));
        DatabaseConfig database = DatabaseConfig.read(root.section("database"), directory.resolve("onebox.db"));
        Tls tls = http.text("tls", TLS, Tls.INTERNAL);
        Optional<Certificate> certificate = certificate(http, tls);
        List<Prefix> proxies = http.list("trusted-proxies", Prefix.NETWORK, List.of());
        if (tls == Tls.PROXY && (proxies.isEmpty() || urls.isEmpty())) {
            http.problem("tls", "is \"proxy\", which needs trusted-proxies and public-urls");
        } else if (urls.isEmpty() && listen.isWildcard()) {
            http.problem("public-urls", "is required where listen is an address of no host: how agents reach it");
        }
        Optional<HostPort> metricsListen = HostPort.parse(metrics.text("listen", LocalConfig.LISTEN, DEFAULT_METRICS));
        if (metricsListen.filter(listen::collides).isPresent()) {
            metrics.problem("listen", "is the address of http.listen too: give it a port of its own, or \"\" for off");
        }
        var config = new ControllerConfig(
                listen,
                urls,
                tls,
                certificate,
                proxies,
                database,
                ClusterConfig.read(root.section("cluster"), database),
                networks(tunnel),
                directory,
                metricsListen,
                LogConfig.read(root.section("log")));
        http.close();
        tunnel.close();
        state.close();
        metrics.close();
        root.close();
        return config;
    }

    private static Optional<Certificate> certificate(ConfigSection http, Tls tls) {
        String certificate = http.text("certificate-file", Rules.ANY, "");
        String key = http.text("key-file", Rules.ANY, "");
        boolean isGiven = !certificate.isEmpty() && !key.isEmpty();
        if (tls == Tls.FILES && !isGiven) {
            http.problem("tls", "is \"files\", which needs certificate-file and key-file");
        }
        if (tls != Tls.FILES && !(certificate.isEmpty() && key.isEmpty())) {
            http.problem("certificate-file", "is used only with tls = \"files\"");
        }
        return isGiven
                ? Optional.of(new Certificate(http.relative(certificate), http.relative(key)))
                : Optional.empty();
    }

    private static List<Prefix> networks(ConfigSection tunnel) {
        List<Prefix> networks = tunnel.list(
                "network",
                Prefix.NETWORK,
                List.of(
                        Prefix.parse("10.77.0.0/16").orElseThrow(),
                        Prefix.parse("fd77::/48").orElseThrow()));
        long ipv4 = networks.stream().filter(Prefix::isIpv4).count();
        if (networks.isEmpty() || ipv4 > 1 || networks.size() - ipv4 > 1) {
            tunnel.problem("network", "must hold one network of IPv4, one of IPv6, or one of each");
        }
        for (Prefix network : networks) {
            int hostBits = (network.isIpv4() ? Integer.SIZE : 2 * Long.SIZE) - network.bits();
            if (hostBits < MIN_HOST_BITS) {
                tunnel.problem("network", "is too small for agents: '%s' leaves %d bits".formatted(network, hostBits));
            }
        }
        return networks;
    }
}
