package io.onebox.shared.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an agent of either role keeps on its own machine.
///
/// @param socket of the local API
/// @param dashboard where a browser of this machine finds the pages of a client; empty is off
/// @param metrics where Prometheus finds us; empty is off
/// @param stateDirectory what must survive a restart
/// @param log how to log
public record LocalConfig(
        Path socket, Optional<HostPort> dashboard, Optional<HostPort> metrics, Path stateDirectory, LogConfig log) {

    /// Where state is kept unless told otherwise.
    public static final Path DEFAULT_STATE = Path.of("/var/lib/onebox");

    /// Where to serve metrics, or not at all.
    static final Rule<String> LISTEN = Rule.text(
            "host:port such as \"127.0.0.1:9586\", or \"\" for off",
            text -> text.isEmpty() || HostPort.parse(text).isPresent());

    /// The dashboard asks for no password, so that it is for this machine alone.
    private static final Rule<String> LOOPBACK = Rule.text(
            "a port of this machine alone such as \"127.0.0.1:9585\", or \"\" for off",
            text -> text.isEmpty()
                    || HostPort.parse(text).filter(HostPort::isLoopback).isPresent());

    private static final Rule<String> DIRECTORY = Rule.text("an absolute path", text -> text.startsWith("/"));

    /// Reads these tables of a document and no others.
    static Loaded<LocalConfig> only(TomlDocument document, String role, int metricsPort) {
        List<ConfigError> errors = new ArrayList<>();
        return ConfigSection.read(
                document, errors, () -> read(ConfigSection.root(document, errors), role, metricsPort));
    }

    static LocalConfig read(ConfigSection root, String role, int metricsPort) {
        ConfigSection api = root.section("api");
        ConfigSection metrics = root.section("metrics");
        ConfigSection state = root.section("state");
        Optional<HostPort> dashboard =
                role.equals("client") ? HostPort.parse(api.text("dashboard", LOOPBACK, "")) : Optional.empty();
        Optional<HostPort> listen = HostPort.parse(metrics.text("listen", LISTEN, "127.0.0.1:" + metricsPort));
        if (listen.isPresent() && dashboard.filter(listen.get()::collides).isPresent()) {
            metrics.problem(
                    "listen", "is the address of api.dashboard too: give it a port of its own, or \"\" for off");
        }
        var config = new LocalConfig(
                Path.of(api.text("socket", Rules.SOCKET, "/run/onebox/" + role + ".sock")),
                dashboard,
                listen,
                Path.of(state.text("directory", DIRECTORY, DEFAULT_STATE.toString())),
                LogConfig.read(root.section("log")));
        api.close();
        metrics.close();
        state.close();
        return config;
    }
}
