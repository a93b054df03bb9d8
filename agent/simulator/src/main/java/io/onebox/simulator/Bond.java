package io.onebox.simulator;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.onebox.engine.stats.PathSnapshot;
import io.onebox.engine.stats.SessionSnapshot;
import io.onebox.simulator.traffic.InnerTcp;
import io.onebox.simulator.traffic.TcpOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// A client with uplinks, its server, and what must hold whatever happened.
public final class Bond {

    /// Payload of TCP in a full datagram: 1500 bytes less IPv4, UDP, WireGuard, DATA, and inner headers, as
    /// `protocol.md` 1 counts them.
    static final double CEILING = (1_432 - 52) / 1_500.0;

    final Simulation simulation;
    final SimulatedHost client;
    final SimulatedHost server;

    private final List<Double> rates = new ArrayList<>();

    public Bond(RandomGenerator random) {
        this(new Simulation(random));
    }

    Bond(Simulation simulation) {
        this.simulation = simulation;
        this.client = simulation.host("client");
        this.server = simulation.host("server");
    }

    /// The end with the uplinks.
    public SimulatedHost client() {
        return client;
    }

    /// The other end.
    public SimulatedHost server() {
        return server;
    }

    /// Adds an uplink with a queue of 100 ms.
    public SimulatedLink link(double rateMbit, long delayMs) {
        rates.add(rateMbit);
        return client.link("link" + client.links().size())
                .megabitsPerSecond(rateMbit)
                .delay(ofMillis(delayMs))
                .queue(ofMillis(100));
    }

    /// Adds an uplink as somebody may have it: 4 to 24 Mbit/s, 10 to 80 ms round trip.
    public SimulatedLink randomLink() {
        RandomGenerator random = simulation.random();
        double rate = 4 * Math.pow(6, random.nextDouble());
        return link(rate, 5 + random.nextInt(36)).queue(ofMillis(60 + random.nextInt(140)));
    }

    /// Connects, and lets the paths be found and their first probes come back.
    public Bond connect() {
        client.connect(server);
        run(ofMillis(1_500));
        return this;
    }

    public void run(Duration duration) {
        simulation.run(duration);
    }

    /// TCP payload the links can carry together.
    public double payloadMegabits() {
        return rates.stream().mapToDouble(Double::doubleValue).sum() * CEILING;
    }

    /// Rate of an uplink.
    double megabitsPerSecond(int link) {
        return rates.get(link);
    }

    public InnerTcp upload(TcpOptions options) {
        return InnerTcp.start(client.stack(), server.stack(), options);
    }

    public InnerTcp download(TcpOptions options) {
        return InnerTcp.start(server.stack(), client.stack(), options);
    }

    /// Rate of a flow over `duration` from here on.
    public double rate(InnerTcp flow, Duration duration) {
        flow.mark();
        run(duration);
        return flow.megabitsPerSecond();
    }

    /// States of the client's paths.
    List<String> pathStates() {
        List<String> states = new ArrayList<>();
        for (SessionSnapshot session : client.agent().snapshot()) {
            for (PathSnapshot path : session.paths()) {
                states.add(path.state());
            }
        }
        return states;
    }

    /// What the agents reported, to tell why a run failed.
    String story() {
        return simulation.hosts().stream()
                .flatMap(host -> host.events().stream()
                        .map(timed ->
                                "%n%6d ms %s: %s".formatted(timed.atNs() / 1_000_000, host.name(), timed.event())))
                .sorted()
                .collect(Collectors.joining());
    }

    /// No packet may vanish or be kept: whatever the engine holds comes back when it stops.
    void checkConservation() {
        for (SimulatedHost host : simulation.hosts()) {
            if (host.isRunning()) {
                SimulatedAgent agent = host.agent();
                host.stop();
                if (agent.packetsInUse() != 0) {
                    throw new IllegalStateException(host.name() + " keeps " + agent.packetsInUse() + " packets");
                }
            }
        }
        run(ofSeconds(1));
    }
}
