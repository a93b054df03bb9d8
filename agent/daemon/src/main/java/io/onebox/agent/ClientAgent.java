package io.onebox.agent;

import io.onebox.agent.api.ApiException;
import io.onebox.agent.api.ApiException.Kind;
import io.onebox.agent.api.LinkChange;
import io.onebox.agent.api.RunningAgent;
import io.onebox.agent.link.EndpointResolver;
import io.onebox.agent.link.LinkSelection;
import io.onebox.agent.link.NameLookup;
import io.onebox.agent.route.ClientRouting;
import io.onebox.agent.status.ConfigJson;
import io.onebox.agent.status.Control;
import io.onebox.agent.status.PeerFacts;
import io.onebox.agent.status.Problem;
import io.onebox.agent.status.Problems;
import io.onebox.agent.status.Reading;
import io.onebox.agent.status.Role;
import io.onebox.agent.status.Sample;
import io.onebox.agent.status.Samples;
import io.onebox.agent.verticle.LinkMonitorVerticle;
import io.onebox.agent.verticle.LinkNameLookup;
import io.onebox.engine.noise.PublicKey;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.session.PeerConfig;
import io.onebox.engine.session.SessionEvent;
import io.onebox.shared.config.ClientConfig;
import io.onebox.shared.config.HostPort;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.config.TunnelConfig;
import io.onebox.shared.log.LogSetup;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An agent in the role of a client: one peer, many links.
final class ClientAgent implements RunningAgent, AutoCloseable {

    private static final List<Prefix> EVERYTHING = List.of(
            Prefix.parse("0.0.0.0/0").orElseThrow(), Prefix.parse("::/0").orElseThrow());

    private static final String SERVER = "server";

    private final Parts parts;
    private final LinkMonitorVerticle monitor;
    private final OpenLinks links;
    private final ServerAddresses addresses;
    private final TunnelDns dns;
    private final List<Problem> problems;
    private volatile ClientConfig config;
    private volatile boolean isUp = true;
    private int mtuBytes = Agent.FIRST_MTU;

    /// @param monitor deployed
    /// @param problems that were found at the start
    ClientAgent(Parts parts, ClientConfig config, LinkMonitorVerticle monitor, List<Problem> problems) {
        this.parts = parts;
        this.config = config;
        this.monitor = monitor;
        this.problems = List.copyOf(problems);
        this.links = new OpenLinks(parts.dataPlane(), config);
        this.dns =
                new TunnelDns(new ChildPrograms(), Path.of("/"), config.tunnel().interfaceName());
        this.addresses = new ServerAddresses(parts.vertx(), resolver(parts, config, links));
    }

    private static EndpointResolver resolver(Parts parts, ClientConfig config, OpenLinks links) {
        var loop = ((ContextInternal) parts.vertx().getOrCreateContext()).nettyEventLoop();
        return new EndpointResolver(
                List.of(NameLookup.ofThisMachine(), new LinkNameLookup(loop, links::openNames)),
                config.local()
                        .stateDirectory()
                        .resolve("server-addresses-" + config.tunnel().interfaceName()));
    }

    /// The interfaces a configuration allows.
    static LinkSelection selection(ClientConfig config) {
        return new LinkSelection(
                config.include(),
                config.exclude(),
                config.links().stream()
                        .map(io.onebox.shared.config.LinkConfig::interfaceName)
                        .toList(),
                config.tunnel().interfaceName());
    }

    /// Makes the tunnel and follows the links. Returns when routes are in place; the server may still be silent.
    void start() {
        var context = parts.vertx().getOrCreateContext();
        var events = new EventLog(_ -> SERVER, links::nameOf);
        parts.dataPlane().onEvent(context, event -> {
            events.write(event);
            parts.thread().run("take note of an event", () -> onEvent(event));
        });
        parts.thread()
                .call(() -> {
                    dns.cleanUp();
                    parts.host().tunnel(EngineTerms.cidrs(config.tunnel().addresses()), mtu());
                    return null;
                })
                .await();
        addresses.follow(config.server().endpoints(), this::onAddresses);
        monitor.listen(
                        context,
                        event -> parts.thread().run("follow a link", () -> {
                            if (links.onEvent(event)) {
                                route();
                            }
                        }))
                .await();
        parts.thread()
                .call(() -> {
                    route();
                    return null;
                })
                .await();
        parts.every(Samples.INTERVAL, () -> monitor.unused().onSuccess(links::unused));
        parts.keepHost(() -> {
            if (isUp) {
                parts.repairHost();
            }
        });
        parts.sampler().start(parts, links::facts, this::reading);
    }

    @Override
    public Future<Reading> read() {
        return parts.sampler().sample(links::facts).map(this::reading);
    }

    @Override
    public Reading lastReading() {
        return samples()
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
        return parts.thread().call(() -> {
            links.change(name, change);
            return null;
        });
    }

    @Override
    public Future<Void> up() {
        return parts.thread().call(() -> {
            isUp = true;
            parts.dataPlane().up().await();
            route();
            return null;
        });
    }

    @Override
    public Future<Void> down() {
        return parts.thread().call(() -> {
            leave();
            parts.dataPlane().down().await();
            return null;
        });
    }

    @Override
    public Future<List<String>> reload() {
        return parts.documents()
                .load()
                .compose(document -> parts.thread().call(() -> {
                    ClientConfig next = Reload.valid(document, ClientConfig::read);
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
        addresses.stop();
        parts.thread()
                .call(() -> {
                    leave();
                    return null;
                })
                .await();
    }

    private void leave() {
        isUp = false;
        dns.use(List.of());
        parts.host().undo();
    }

    private void change(ClientConfig before, ClientConfig next) {
        config = next;
        if (!before.local().log().equals(next.local().log())) {
            LogSetup.apply(next.local().log());
        }
        parts.host().tunnel(EngineTerms.cidrs(next.tunnel().addresses()), mtu());
        links.reconfigure(next);
        monitor.select(selection(next)).await();
        addresses.follow(next.server().endpoints(), this::onAddresses);
        if (!addresses.endpoints().isEmpty()) {
            putPeer(addresses.endpoints());
        }
        route();
    }

    private void onAddresses(List<Endpoint> endpoints) {
        parts.thread().run("reach the server", () -> {
            putPeer(endpoints);
            monitor.endpoints(addresses.addresses());
        });
    }

    private void putPeer(List<Endpoint> endpoints) {
        ClientConfig.Server server = config.server();
        PublicKey key = EngineTerms.publicKey(server.publicKey());
        parts.dataPlane()
                .putPeer(new PeerConfig(
                        SERVER,
                        key,
                        EngineTerms.presharedKey(server.presharedKey()),
                        EngineTerms.prefixes(EVERYTHING),
                        endpoints,
                        EngineTerms.mode(config.mode())))
                .await();
    }

    private void route() {
        if (isUp) {
            TunnelConfig tunnel = config.tunnel();
            parts.host()
                    .client(
                            new ClientRouting(tunnel.interfaceName(), EngineTerms.cidrs(tunnel.routes()), tunnel.nat()),
                            links.names());
            dns.use(tunnel.dns());
        }
    }

    private void onEvent(SessionEvent event) {
        if (event instanceof SessionEvent.MtuChanged changed) {
            mtuBytes = Math.max(Agent.FIRST_MTU, changed.mtuBytes());
            parts.host().mtu(mtu());
        }
    }

    private int mtu() {
        int configured = config.tunnel().mtuBytes();
        return configured == TunnelConfig.AUTO_MTU ? mtuBytes : configured;
    }

    private Reading reading(Sample sample) {
        Optional<Sample> before = samples().before(sample, Samples.INTERVAL);
        ClientConfig current = config;
        List<Problem> others = new ArrayList<>(problems);
        others.addAll(addresses.problems());
        dns.problem().ifPresent(others::add);
        List<String> endpoints =
                current.server().endpoints().stream().map(HostPort::toString).toList();
        var server = new PeerFacts(SERVER, current.server().publicKey(), List.of());
        return new Reading(
                Role.CLIENT,
                sample,
                before,
                Problems.ofClient(sample, endpoints, others),
                current.mode().spelling(),
                List.of(server));
    }
}
