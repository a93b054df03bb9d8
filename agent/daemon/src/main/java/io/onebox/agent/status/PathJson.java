package io.onebox.agent.status;

import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.stats.PathSnapshot;
import io.onebox.engine.stats.SessionSnapshot;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A link or path in JSON, the same wherever it appears.
final class PathJson {

    /// The state of a path that carries data.
    static final String USABLE = "usable";

    private static final String CLOSED = "closed";

    private PathJson() {}

    static boolean isConnected(SessionSnapshot session) {
        return session.paths().stream().anyMatch(path -> path.state().equals(USABLE));
    }

    /// A link that carries no path: not open, or its session has not begun.
    static Map<String, @Nullable Object> link(LinkFacts link, boolean isUp) {
        boolean isStarting = isUp && link.isOpen();
        Map<String, @Nullable Object> json = head(link.name(), isStarting ? "validating" : CLOSED);
        settings(json, link.settings());
        json.put("address", link.address());
        for (String unknown : new String[] {
            "remote",
            "rxBitsPerSecond",
            "txBitsPerSecond",
            "rxBytes",
            "txBytes",
            "capacityTxBitsPerSecond",
            "capacityRxBitsPerSecond",
            "srttSeconds",
            "minRttSeconds",
            "jitterSeconds",
            "queueDelaySeconds",
            "lossRatio"
        }) {
            json.put(unknown, null);
        }
        json.put("mtu", link.mtuBytes() == 0 ? null : link.mtuBytes());
        json.put("lastHandshake", null);
        String reason = isUp ? "no answer yet" : "the tunnel is off";
        json.put("reasonUnused", link.reasonUnused() == null ? reason : link.reasonUnused());
        return json;
    }

    /// A path over one of our links.
    static Map<String, @Nullable Object> path(LinkFacts link, PathSnapshot path, String peer, Reading reading) {
        Map<String, @Nullable Object> json = head(link.name(), path.state());
        settings(json, link.settings());
        json.put("address", link.address());
        measured(json, path, peer, reading);
        return json;
    }

    /// A path of a client as a server sees it: the link is at the other end.
    static Map<String, @Nullable Object> path(PathSnapshot path, String peer, Reading reading) {
        Map<String, @Nullable Object> json = head("path" + path.pathId(), path.state());
        json.put("role", null);
        json.put("metered", null);
        json.put("address", null);
        measured(json, path, peer, reading);
        return json;
    }

    static @Nullable Double seconds(long ns) {
        return ns < 0 ? null : ns / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private static Map<String, @Nullable Object> head(String name, String state) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("state", state);
        return json;
    }

    private static void settings(Map<String, @Nullable Object> json, LinkSettings settings) {
        json.put("role", settings.role().name().toLowerCase(Locale.ROOT));
        json.put("metered", settings.metered());
        json.put("paused", settings.paused());
        json.put("uploadLimitBitsPerSecond", limit(settings.uploadBytesPerSecond()));
        json.put("downloadLimitBitsPerSecond", limit(settings.downloadBytesPerSecond()));
    }

    private static void measured(Map<String, @Nullable Object> json, PathSnapshot path, String peer, Reading reading) {
        Throughput rates = reading.throughput();
        json.put("remote", path.remote() == null ? null : EndpointText.of(path.remote()));
        json.put("rxBitsPerSecond", rates.path(peer, path.pathId(), PathSnapshot::rxBytes));
        json.put("txBitsPerSecond", rates.path(peer, path.pathId(), PathSnapshot::txBytes));
        json.put("rxBytes", path.rxBytes());
        json.put("txBytes", path.txBytes());
        json.put("capacityTxBitsPerSecond", bits(path.capacityTxBytesPerSecond()));
        json.put("capacityRxBitsPerSecond", bits(path.capacityRxBytesPerSecond()));
        json.put("srttSeconds", seconds(path.srttNs()));
        json.put("minRttSeconds", seconds(path.minRttNs()));
        json.put("jitterSeconds", seconds(path.jitterNs()));
        json.put("queueDelaySeconds", seconds(path.queueDelayNs()));
        json.put("lossRatio", path.lossRatio() < 0 ? null : path.lossRatio());
        json.put("mtu", path.mtuBytes() <= 0 ? null : path.mtuBytes());
        json.put("lastHandshake", reading.now().wall(path.lastHandshakeNs()));
        json.put("reasonUnused", path.reasonUnused());
    }

    private static @Nullable Long bits(long bytesPerSecond) {
        return bytesPerSecond < 0 ? null : bytesPerSecond * Byte.SIZE;
    }

    private static @Nullable Long limit(long bytesPerSecond) {
        return bytesPerSecond == 0 ? null : bytesPerSecond * Byte.SIZE;
    }
}
