package io.onebox.simulator;

import io.onebox.engine.noise.Aead;
import io.onebox.engine.noise.PresharedKey;
import io.onebox.engine.noise.PrivateKey;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.IpPrefix;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.path.BondingMode;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.session.EngineConfig;
import io.onebox.engine.session.LinkConfig;
import io.onebox.engine.session.PeerConfig;
import io.onebox.engine.session.SessionEvent;
import io.onebox.simulator.traffic.Address;
import io.onebox.simulator.traffic.InnerStack;
import io.onebox.simulator.traffic.Tun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A machine that runs the agent: a client with uplinks of its own, or a server with one address. Its IP
/// stack and what is connected to it live on when the agent is restarted.
public final class SimulatedHost implements Tun {

    /// The link id of a server's listening socket.
    static final int SERVER_LINK = 0;

    private static final int INNER_NET = 0x0a4d_0000;
    private static final long INNER_NET_V6 = 0xfd77_0000_0000_0000L;
    private static final int SERVER_NET = 0xc612_0000;
    private static final int SERVER_PORT = 51_820;
    private static final int INTERFACE_MTU = 1_500;

    /// MTU of the TUN device before the engine says otherwise: what fits 1500 bytes over IPv4.
    private static final int TUN_MTU = 1_432;

    /// Nanoseconds since 1970 at the beginning of the simulation: 2026-01-01.
    private static final long WALL_CLOCK_NS = 1_767_225_600_000_000_000L;

    private final Simulation simulation;
    private final String name;
    private final Aead.Factory aead;
    private final PrivateKey identity;
    private final Endpoint endpoint;
    private final InnerStack stack;
    private final List<SimulatedLink> links = new ArrayList<>();
    private final List<PeerConfig> peers = new ArrayList<>();
    private final List<TimedEvent> events = new ArrayList<>();

    private @Nullable SimulatedAgent agent;
    private BondingMode mode = BondingMode.AGGREGATE;
    private long wallClockOffsetNs;
    private boolean isServer;
    private long lostWithoutAgent;
    private long sentToStrangers;

    SimulatedHost(Simulation simulation, String name, int number, Aead.Factory aead) {
        this.simulation = simulation;
        this.name = name;
        this.aead = aead;
        this.identity = PrivateKey.generate(simulation.random());
        this.endpoint = Endpoint.ofIpv4(SERVER_NET + number, SERVER_PORT);
        this.stack = new InnerStack(
                simulation.time(),
                this,
                Address.ofIpv4(INNER_NET + number),
                new Address(INNER_NET_V6, number),
                TUN_MTU);
    }

    /// Adds an uplink.
    public SimulatedLink link(String linkName) {
        SimulatedLink link = simulation.link(this, linkName, links.size());
        links.add(link);
        return link;
    }

    /// Sets how the paths to all peers share the load.
    public SimulatedHost mode(BondingMode changed) {
        mode = changed;
        List<PeerConfig> before = List.copyOf(peers);
        peers.clear();
        before.forEach(peer -> put(new PeerConfig(
                peer.name(), peer.publicKey(), peer.presharedKey(), peer.allowedIps(), peer.endpoints(), mode)));
        return this;
    }

    /// Makes this the client of `server`, and starts both agents if they do not run.
    public void connect(SimulatedHost server) {
        server.isServer = true;
        for (SimulatedLink link : links) {
            link.connect(server);
        }
        addPeer(server, List.of(IpPrefix.ofIpv4(0, 0), new IpPrefix(0, 0, 0)), List.of(server.endpoint));
        server.addPeer(
                this,
                List.of(
                        new IpPrefix(0, stack.ipv4().low(), 128),
                        new IpPrefix(stack.ipv6().high(), stack.ipv6().low(), 128)),
                List.of());
        server.startIfStopped();
        startIfStopped();
    }

    private void addPeer(SimulatedHost peer, List<IpPrefix> allowedIps, List<Endpoint> endpoints) {
        put(new PeerConfig(peer.name, peer.identity.publicKey(), PresharedKey.NONE, allowedIps, endpoints, mode));
    }

    private void put(PeerConfig config) {
        peers.add(config);
        if (agent != null) {
            agent.sessions().putPeer(config, agent.nowNs());
            agent.wake();
        }
    }

    private void startIfStopped() {
        if (agent == null) {
            start();
        }
    }

    /// Starts the agent.
    public void start() {
        if (agent != null) {
            throw new IllegalStateException(name + " runs already");
        }
        var config = new EngineConfig(
                identity,
                aead,
                simulation.random(),
                WALL_CLOCK_NS + simulation.nowNs() + wallClockOffsetNs,
                simulation.random().nextLong());
        var started = new SimulatedAgent(simulation, this, config);
        agent = started;
        if (isServer) {
            var socket = new LinkConfig(SERVER_LINK, "udp0", LinkSettings.DEFAULT, true, true, INTERFACE_MTU);
            started.sessions().putLink(socket, 0);
        }
        peers.forEach(peer -> started.sessions().putPeer(peer, 0));
        links.stream()
                .filter(SimulatedLink::isPlugged)
                .forEach(link -> started.sessions().putLink(link.config(), 0));
        started.wake();
    }

    /// Ends the agent without a word, as `kill -9` does.
    public void kill() {
        agent().kill();
        agent = null;
    }

    /// Stops the agent in order.
    public void stop() {
        agent().stop();
        agent = null;
    }

    /// Kills the agent and starts it again.
    public void restart() {
        kill();
        start();
    }

    /// Moves the wall clock. Seen by the agent when it starts.
    public void jumpWallClock(Duration by) {
        wallClockOffsetNs += by.toNanos();
    }

    /// The running agent.
    public SimulatedAgent agent() {
        if (agent == null) {
            throw new IllegalStateException(name + " is stopped");
        }
        return agent;
    }

    public boolean isRunning() {
        return agent != null;
    }

    public String name() {
        return name;
    }

    /// Its static key, shown to nobody.
    PrivateKey identity() {
        return identity;
    }

    /// Where traffic begins and ends.
    public InnerStack stack() {
        return stack;
    }

    /// Its uplinks.
    public List<SimulatedLink> links() {
        return List.copyOf(links);
    }

    /// What its agents reported, oldest first.
    public List<TimedEvent> events() {
        return List.copyOf(events);
    }

    /// Inner packets that found no agent.
    public long lostWithoutAgent() {
        return lostWithoutAgent;
    }

    /// Datagrams sent to addresses nobody has.
    public long sentToStrangers() {
        return sentToStrangers;
    }

    /// What happened, and when.
    ///
    /// @param atNs time of the simulation
    public record TimedEvent(long atNs, SessionEvent event) {}

    @Override
    public @Nullable Packet acquire() {
        if (agent == null) {
            lostWithoutAgent++;
            return null;
        }
        return agent.acquire();
    }

    @Override
    public void send(Packet packet) {
        agent().fromTun(packet);
    }

    void receive(Datagram datagram, int link) {
        if (agent != null) {
            agent.fromWire(datagram, link);
        }
    }

    void onUnplugged(SimulatedLink link) {
        if (agent != null && !link.isPlugged()) {
            agent.sessions().removeLink(link.id(), agent.nowNs());
            agent.wake();
        }
    }

    void onPlugged(SimulatedLink link) {
        if (agent != null && link.isPlugged()) {
            agent.sessions().putLink(link.config(), agent.nowNs());
            agent.wake();
        }
    }

    void changeLink(SimulatedLink link) {
        if (agent != null) {
            agent.sessions().changeLink(link.id(), link.settings(), agent.nowNs());
            agent.wake();
        }
    }

    void report(SessionEvent event) {
        events.add(new TimedEvent(simulation.nowNs(), event));
        if (event instanceof SessionEvent.MtuChanged changed) {
            stack.mtuBytes(changed.mtuBytes());
        }
    }

    /// Sends a datagram by the link and to the address the engine chose.
    void transmit(Packet packet) {
        Datagram datagram = simulation.datagram();
        datagram.copyFrom(packet);
        datagram.target(packet.remoteHigh(), packet.remoteLow(), packet.remotePort());
        if (isServer) {
            datagram.source(endpoint.high(), endpoint.low(), endpoint.port());
            transmitToClient(datagram);
            return;
        }
        SimulatedLink link = links.get(packet.link());
        if (link.isPlugged()) {
            link.fromClient(datagram);
        } else {
            agent().onRefused(link.id());
            simulation.recycle(datagram);
        }
    }

    private void transmitToClient(Datagram datagram) {
        SimulatedLink link = simulation.linkAt(datagram.targetHigh, datagram.targetLow);
        if (link == null) {
            sentToStrangers++;
            simulation.recycle(datagram);
        } else {
            link.fromServer(datagram);
        }
    }
}
