package io.onebox.controller.cli;

import io.onebox.shared.config.ControllerConfig;
import io.onebox.shared.config.HostPort;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.json.Json;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/// `config show`: with defaults. The file names secrets and holds none.
@Command(name = "show", description = "Show the configuration with its defaults, as JSON.")
final class ConfigShowCommand implements Runnable {

    private final Invocation invocation;

    ConfigShowCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        ControllerConfig config = invocation.config();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("schema", "onebox.controller-config/1");
        Map<String, @Nullable Object> http = new LinkedHashMap<>();
        http.put("listen", config.listen().toString());
        http.put("public-urls", config.urls().stream().map(URI::toString).toList());
        http.put("tls", config.tls().name().toLowerCase(Locale.ROOT));
        http.put(
                "certificate-file",
                config.certificate()
                        .map(files -> files.certificateFile().toString())
                        .orElse(""));
        http.put(
                "key-file",
                config.certificate().map(files -> files.keyFile().toString()).orElse(""));
        http.put(
                "trusted-proxies",
                config.trustedProxies().stream().map(Prefix::toString).toList());
        json.put("http", http);
        json.put("database", Map.of("url", config.database().toString()));
        json.put("cluster", cluster(config));
        json.put(
                "tunnel",
                Map.of(
                        "network",
                        config.networks().stream().map(Prefix::toString).toList()));
        json.put("state", Map.of("directory", config.stateDirectory().toString()));
        json.put(
                "metrics",
                Map.of("listen", config.metrics().map(HostPort::toString).orElse("")));
        json.put(
                "log",
                Map.of(
                        "level", config.log().level().name().toLowerCase(Locale.ROOT),
                        "format", config.log().format().name().toLowerCase(Locale.ROOT)));
        invocation.print(Json.write(json));
    }

    private static Map<String, Object> cluster(ControllerConfig config) {
        return config.cluster()
                .map(cluster -> Map.<String, Object>of(
                        "enabled",
                        true,
                        "listen",
                        cluster.listen().toString(),
                        "members",
                        cluster.members().stream().map(HostPort::toString).toList()))
                .orElse(Map.of("enabled", false));
    }
}
