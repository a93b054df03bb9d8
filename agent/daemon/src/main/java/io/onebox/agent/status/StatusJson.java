package io.onebox.agent.status;

import io.onebox.engine.stats.PathSnapshot;
import io.onebox.engine.stats.SessionSnapshot;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A reading as the JSON of `interfaces.md`, section 6, and of the commands beside `status`.
public final class StatusJson {

    private StatusJson() {}

    /// `onebox.status/1`.
    public static Map<String, @Nullable Object> status(Reading reading, Control control) {
        Map<String, @Nullable Object> json = head("status", reading.now().time());
        json.put("role", reading.role().spelling());
        json.put("state", reading.state());
        json.put("problems", reading.problems().stream().map(Problem::json).toList());
        if (reading.role() == Role.CLIENT) {
            json.put("bond", bond(reading));
            json.put("links", links(reading));
        } else {
            json.put("clients", clients(reading));
        }
        json.put("unclaimedDroppedPackets", reading.now().drops().unclaimed());
        json.put("deviceDroppedPackets", reading.now().drops().devices());
        json.put("control", control.json());
        return json;
    }

    /// `onebox.links/1`.
    public static Map<String, @Nullable Object> linksDocument(Reading reading) {
        Map<String, @Nullable Object> json = head("links", reading.now().time());
        json.put("links", links(reading));
        return json;
    }

    /// `onebox.clients/1`.
    public static Map<String, @Nullable Object> clientsDocument(Reading reading) {
        Map<String, @Nullable Object> json = head("clients", reading.now().time());
        json.put("clients", clients(reading));
        return json;
    }

    /// `onebox.stats/1`: throughput, RTT, jitter and loss, of all and of each link or client.
    public static Map<String, @Nullable Object> stats(Reading reading) {
        Throughput rates = reading.throughput();
        Map<String, @Nullable Object> json = head("stats", reading.now().time());
        json.put("role", reading.role().spelling());
        json.put("state", reading.state());
        json.put("rxBitsPerSecond", rates.total(SessionSnapshot::rxBytes));
        json.put("txBitsPerSecond", rates.total(SessionSnapshot::txBytes));
        if (reading.role() == Role.CLIENT) {
            json.put("links", links(reading).stream().map(StatusJson::brief).toList());
        } else {
            json.put("clients", clients(reading));
        }
        return json;
    }

    /// The links of a client, open or not, by name.
    static List<Map<String, @Nullable Object>> links(Reading reading) {
        List<Map<String, @Nullable Object>> links = new ArrayList<>();
        for (LinkFacts link : reading.now().links()) {
            Optional<SessionSnapshot> session =
                    reading.now().sessions().stream().findFirst();
            Optional<PathSnapshot> path = session.flatMap(found -> found.paths().stream()
                    .filter(candidate -> link.isOpen() && candidate.link() == link.id())
                    .findFirst());
            links.add(path.map(found -> PathJson.path(link, found, session.get().peer(), reading))
                    .orElseGet(() -> PathJson.link(link, reading.now().isUp())));
        }
        return links;
    }

    private static Map<String, @Nullable Object> brief(Map<String, @Nullable Object> link) {
        Map<String, @Nullable Object> brief = new LinkedHashMap<>();
        for (String key : List.of(
                "name",
                "state",
                "rxBitsPerSecond",
                "txBitsPerSecond",
                "rxBytes",
                "txBytes",
                "capacityTxBitsPerSecond",
                "capacityRxBitsPerSecond",
                "srttSeconds",
                "jitterSeconds",
                "queueDelaySeconds",
                "lossRatio")) {
            brief.put(key, link.get(key));
        }
        return brief;
    }

    private static Map<String, @Nullable Object> bond(Reading reading) {
        PeerFacts peer = reading.peers().getFirst();
        Optional<SessionSnapshot> session = reading.now().session(peer.publicKey());
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("peer", peer.publicKey());
        json.put("endpoint", session.flatMap(StatusJson::remote).orElse(null));
        json.put(
                "since",
                session.map(found -> reading.now().wall(found.sinceNs())).orElse(null));
        json.put("mode", reading.mode());
        counters(json, peer.publicKey(), session, reading);
        return json;
    }

    private static List<Map<String, @Nullable Object>> clients(Reading reading) {
        List<Map<String, @Nullable Object>> clients = new ArrayList<>();
        for (PeerFacts peer : reading.peers()) {
            Optional<SessionSnapshot> session = reading.now().session(peer.publicKey());
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("name", peer.name());
            json.put("publicKey", peer.publicKey());
            json.put("state", session.filter(PathJson::isConnected).isPresent() ? "connected" : "disconnected");
            json.put("addresses", peer.addresses());
            json.put(
                    "since",
                    session.map(found -> reading.now().wall(found.sinceNs())).orElse(null));
            json.put(
                    "lastHandshake",
                    session.map(found -> lastHandshake(found, reading)).orElse(null));
            counters(json, peer.publicKey(), session, reading);
            json.put(
                    "paths",
                    session.map(SessionSnapshot::paths).orElse(List.of()).stream()
                            .map(path -> PathJson.path(path, peer.publicKey(), reading))
                            .toList());
            clients.add(json);
        }
        return clients;
    }

    private static void counters(
            Map<String, @Nullable Object> json, String peer, Optional<SessionSnapshot> session, Reading reading) {
        Throughput rates = reading.throughput();
        json.put(
                "mtu",
                session.map(SessionSnapshot::mtuBytes).filter(mtu -> mtu > 0).orElse(null));
        json.put("rxBitsPerSecond", rates.session(peer, SessionSnapshot::rxBytes));
        json.put("txBitsPerSecond", rates.session(peer, SessionSnapshot::txBytes));
        json.put("rxBytes", session.map(SessionSnapshot::rxBytes).orElse(null));
        json.put("txBytes", session.map(SessionSnapshot::txBytes).orElse(null));
        json.put("lostPackets", session.map(SessionSnapshot::lostPackets).orElse(null));
        json.put(
                "repairedPackets", session.map(SessionSnapshot::repairedPackets).orElse(null));
        json.put(
                "reorderedPackets",
                session.map(SessionSnapshot::reorderedPackets).orElse(null));
        json.put("heldPackets", session.map(SessionSnapshot::heldPackets).orElse(null));
        json.put("droppedPackets", session.map(SessionSnapshot::dropped).orElse(Map.of()));
    }

    private static Optional<String> remote(SessionSnapshot session) {
        return session.paths().stream()
                .filter(path -> path.remote() != null)
                .min((a, b) -> Boolean.compare(
                        b.state().equals(PathJson.USABLE), a.state().equals(PathJson.USABLE)))
                .flatMap(path -> Optional.ofNullable(path.remote()))
                .map(EndpointText::of);
    }

    private static @Nullable Instant lastHandshake(SessionSnapshot session, Reading reading) {
        return reading.now()
                .wall(session.paths().stream()
                        .mapToLong(PathSnapshot::lastHandshakeNs)
                        .max()
                        .orElse(-1));
    }

    private static Map<String, @Nullable Object> head(String command, Instant time) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("schema", "onebox." + command + "/1");
        json.put("time", time.truncatedTo(ChronoUnit.MILLIS));
        return json;
    }
}
