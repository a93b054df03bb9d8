package io.onebox.agent;

import io.onebox.agent.api.ApiException;
import io.onebox.agent.api.ApiException.Kind;
import io.onebox.agent.api.LinkChange;
import io.onebox.agent.api.RunningAgent;
import io.onebox.agent.dataplane.LinkSocketConfig;
import io.onebox.agent.linux.Cidr;
import io.onebox.agent.route.ServerForwarding;
import io.onebox.agent.status.ConfigJson;
import io.onebox.agent.status.Control;
import io.onebox.agent.status.PeerFacts;
import io.onebox.agent.status.Problem;
import io.onebox.agent.status.Problems;
import io.onebox.agent.status.Reading;
import io.onebox.agent.status.Role;
import io.onebox.agent.status.Sample;
import io.onebox.agent.status.Samples;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.session.LinkConfig;
import io.onebox.engine.session.PeerConfig;
import io.onebox.engine.session.SessionEvent;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.config.ServerConfig;
import io.onebox.shared.config.TunnelConfig;
import io.onebox.shared.log.LogSetup;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An agent in the role of a server: one socket, many peers.
final class ServerAgent implements RunningAgent, AutoCloseable {

    /// The only link of a server is its listening socket.
    private static final int LISTENING = 0;

    private static final String LISTENING_NAME = "listen";

    /// Largest packet of the socket's interface; path MTU search finds what is smaller. Ethernet's.
    private static final int LINK_MTU = 1500;

    private final Parts parts;
    private final List<Problem> problems;
    private final Map<String, Integer> mtus = new HashMap<>();
    private volatile ServerConfig config;
    private boolean isClosed;

    /// @param problems that were found at the start
    ServerAgent(Parts parts, ServerConfig config, List<Problem> problems) {
        this.parts = parts;
        this.config = config;
        this.problems = List.copyOf(problems);
    }

    /// Listens, and lets the clients in. Returns when it does.
    void start() {
        var events = new EventLog(this::nameOf, _ -> LISTENING_NAME);
        parts.dataPlane().onEvent(parts.vertx().getOrCreateContext(), event -> {
            events.write(event);
            parts.thread().run("take note of an event", () -> onEvent(event));
        });
        parts.thread().call(this::apply).await();
        parts.keepHost(() -> {
            if (isClosed) {
                return;
            }
            parts.repairHost();
            parts.host().server(forwarding()); // The default route may leave by another interface by now.
        });
        parts.sampler().start(parts, List::of, sample -> reading(sample));
    }

    @Override
    public Future<Reading> read() {
        return parts.sampler().sample(List::of).map(this::reading);
    }

    @Override
    public Reading lastReading() {
        return parts.sampler()
                .samples()
                .latest()
                .map(this::reading)
                .orElseThrow(() -> new ApiException(Kind.UNAVAILABLE, "no sample yet", "try again in a second"));
    }

    @Override
    public Samples samples() {
        return parts.sampler().samples();
    }

    @Override
    public Future<Void> changeLink(String name, LinkChange change) {
        return Future.failedFuture(
                new ApiException(Kind.REFUSED, "a server has no links", "change them at the client"));
    }

    @Override
    public Future<Void> up() {
        return Future.failedFuture(
                new ApiException(Kind.REFUSED, "a server is up while it runs", "use start and stop"));
    }

    @Override
    public Future<Void> down() {
        return up();
    }

    @Override
    public Future<List<String>> reload() {
        return parts.documents()
                .load()
                .compose(document -> parts.thread().call(() -> {
                    ServerConfig next = Reload.valid(document, ServerConfig::read);
                    Changes changes = Changes.between(config, next);
                    Reload.refuse(changes);
                    change(config, next);
                    return changes.accepted();
                }));
    }

    @Override
    public Control control() {
        return Control.NONE;
    }

    @Override
    public Map<String, @Nullable Object> config() {
        return ConfigJson.of(config);
    }

    /// Undoes every change to the host.
    @Override
    public void close() {
        parts.thread()
                .call(() -> {
                    parts.host().undo();
                    isClosed = true;
                    return null;
                })
                .await();
    }

    private @Nullable Void apply() {
        parts.host().tunnel(EngineTerms.cidrs(config.tunnel().addresses()), mtu());
        config.clients()
                .forEach(client -> parts.dataPlane().putPeer(peer(client)).await());
        var link = new LinkConfig(LISTENING, LISTENING_NAME, LinkSettings.DEFAULT, true, true, LINK_MTU);
        parts.dataPlane()
                .openLink(new LinkSocketConfig(link, "", config.port(), 0))
                .await();
        parts.host().server(forwarding());
        return null;
    }

    private void change(ServerConfig before, ServerConfig next) {
        config = next;
        if (!before.local().log().equals(next.local().log())) {
            LogSetup.apply(next.local().log());
        }
        for (ServerConfig.Client client : before.clients()) {
            if (next.clients().stream().noneMatch(other -> other.publicKey().equals(client.publicKey()))) {
                mtus.remove(client.publicKey());
                parts.dataPlane()
                        .removePeer(EngineTerms.publicKey(client.publicKey()))
                        .await();
            }
        }
        boolean isModeOther = before.mode() != next.mode();
        next.clients().stream()
                .filter(client -> isModeOther || !before.clients().contains(client))
                .forEach(client -> parts.dataPlane().putPeer(peer(client)).await());
        parts.host().tunnel(EngineTerms.cidrs(next.tunnel().addresses()), mtu());
        parts.host().server(forwarding());
    }

    private void onEvent(SessionEvent event) {
        if (event instanceof SessionEvent.MtuChanged(var peer, int mtuBytes)) {
            mtus.put(peer.toString(), Math.max(Agent.FIRST_MTU, mtuBytes));
            parts.host().mtu(mtu());
        }
    }

    /// The configured MTU, or what fits every client.
    private int mtu() {
        if (config.tunnel().mtuBytes() != TunnelConfig.AUTO_MTU) {
            return config.tunnel().mtuBytes();
        }
        return mtus.values().stream().min(Integer::compare).orElse(Agent.FIRST_MTU);
    }

    private PeerConfig peer(ServerConfig.Client client) {
        return new PeerConfig(
                client.name(),
                EngineTerms.publicKey(client.publicKey()),
                EngineTerms.presharedKey(client.presharedKey()),
                EngineTerms.prefixes(client.addresses()),
                List.of(),
                EngineTerms.mode(config.mode()));
    }

    private ServerForwarding forwarding() {
        List<Cidr> clients = config.clients().stream()
                .flatMap(client -> EngineTerms.cidrs(client.addresses()).stream())
                .toList();
        return new ServerForwarding(
                config.tunnel().interfaceName(),
                clients,
                config.forwarding().nat(),
                config.forwarding().interfaceName().orElse(ServerForwarding.AUTO),
                config.forwarding().clientToClient());
    }

    private Reading reading(Sample sample) {
        Optional<Sample> before = samples().before(sample, Samples.INTERVAL);
        List<PeerFacts> peers = config.clients().stream()
                .map(client -> new PeerFacts(
                        client.name(),
                        client.publicKey(),
                        client.addresses().stream().map(Prefix::toString).toList()))
                .toList();
        return new Reading(
                Role.SERVER,
                sample,
                before,
                Problems.sorted(problems),
                config.mode().spelling(),
                peers);
    }

    private String nameOf(String publicKey) {
        return config.clients().stream()
                .filter(client -> client.publicKey().equals(publicKey))
                .map(ServerConfig.Client::name)
                .findFirst()
                .orElse(publicKey);
    }
}
