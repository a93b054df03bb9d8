package io.onebox.agent.status;

import io.onebox.shared.config.ClientConfig;
import io.onebox.shared.config.HostPort;
import io.onebox.shared.config.IpText;
import io.onebox.shared.config.LinkConfig;
import io.onebox.shared.config.LocalConfig;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.config.Rates;
import io.onebox.shared.config.ServerConfig;
import io.onebox.shared.config.TunnelConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A configuration as JSON, with the names of its file, with defaults and without secrets.
public final class ConfigJson {

    private static final String REDACTED = "(set)";

    private ConfigJson() {}

    /// That of a client.
    public static Map<String, @Nullable Object> of(ClientConfig config) {
        Map<String, @Nullable Object> json = head();
        Map<String, @Nullable Object> server = table(json, "server");
        server.put(
                "endpoints",
                config.server().endpoints().stream().map(HostPort::toString).toList());
        server.put("public-key", config.server().publicKey());
        server.put("preshared-key-file", config.server().presharedKey().isPresent() ? REDACTED : "");
        table(json, "identity")
                .put("private-key-file", config.identity().privateKeyFile().toString());
        Map<String, @Nullable Object> tunnel = tunnel(json, config.tunnel());
        tunnel.put("routes", texts(config.tunnel().routes()));
        tunnel.put("dns", config.tunnel().dns().stream().map(IpText::of).toList());
        tunnel.put("nat", config.tunnel().nat());
        table(json, "bonding").put("mode", config.mode().spelling());
        Map<String, @Nullable Object> links = table(json, "links");
        links.put("include", config.include());
        links.put("exclude", config.exclude());
        json.put("link", config.links().stream().map(ConfigJson::link).toList());
        local(json, config.local())
                .put(
                        "dashboard",
                        config.local().dashboard().map(HostPort::toString).orElse(""));
        return json;
    }

    /// That of a server.
    public static Map<String, @Nullable Object> of(ServerConfig config) {
        Map<String, @Nullable Object> json = head();
        Map<String, @Nullable Object> listen = table(json, "listen");
        listen.put("port", config.port());
        listen.put("shards", config.shards() == ServerConfig.AUTO_SHARDS ? "auto" : config.shards());
        table(json, "identity")
                .put("private-key-file", config.identity().privateKeyFile().toString());
        tunnel(json, config.tunnel());
        Map<String, @Nullable Object> forwarding = table(json, "forwarding");
        forwarding.put("nat", config.forwarding().nat());
        forwarding.put("interface", config.forwarding().interfaceName().orElse("auto"));
        forwarding.put("client-to-client", config.forwarding().clientToClient());
        table(json, "bonding").put("mode", config.mode().spelling());
        json.put("client", config.clients().stream().map(ConfigJson::client).toList());
        local(json, config.local());
        return json;
    }

    private static Map<String, @Nullable Object> link(LinkConfig link) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("interface", link.interfaceName());
        json.put("role", link.role().spelling());
        json.put("metered", link.metered());
        json.put("upload", rate(link.uploadBytesPerSecond()));
        json.put("download", rate(link.downloadBytesPerSecond()));
        return json;
    }

    private static Map<String, @Nullable Object> client(ServerConfig.Client client) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", client.name());
        json.put("public-key", client.publicKey());
        json.put("preshared-key-file", client.presharedKey().isPresent() ? REDACTED : "");
        json.put("addresses", texts(client.addresses()));
        return json;
    }

    private static Map<String, @Nullable Object> tunnel(Map<String, @Nullable Object> json, TunnelConfig config) {
        Map<String, @Nullable Object> tunnel = table(json, "tunnel");
        tunnel.put("interface", config.interfaceName());
        tunnel.put("addresses", texts(config.addresses()));
        tunnel.put("mtu", config.mtuBytes() == TunnelConfig.AUTO_MTU ? "auto" : config.mtuBytes());
        return tunnel;
    }

    /// @return the table `api`
    private static Map<String, @Nullable Object> local(Map<String, @Nullable Object> json, LocalConfig local) {
        Map<String, @Nullable Object> api = table(json, "api");
        api.put("socket", local.socket().toString());
        table(json, "metrics")
                .put("listen", local.metrics().map(HostPort::toString).orElse(""));
        table(json, "state").put("directory", local.stateDirectory().toString());
        Map<String, @Nullable Object> log = table(json, "log");
        log.put("level", local.log().level().name().toLowerCase(Locale.ROOT));
        log.put("format", local.log().format().name().toLowerCase(Locale.ROOT));
        return api;
    }

    private static List<String> texts(List<Prefix> prefixes) {
        return prefixes.stream().map(Prefix::toString).toList();
    }

    private static String rate(long bytesPerSecond) {
        return bytesPerSecond == LinkConfig.NO_LIMIT ? "auto" : Rates.format((double) bytesPerSecond * Byte.SIZE);
    }

    private static Map<String, @Nullable Object> table(Map<String, @Nullable Object> json, String name) {
        Map<String, @Nullable Object> table = new LinkedHashMap<>();
        json.put(name, table);
        return table;
    }

    private static Map<String, @Nullable Object> head() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("schema", "onebox.config/1");
        return json;
    }
}
