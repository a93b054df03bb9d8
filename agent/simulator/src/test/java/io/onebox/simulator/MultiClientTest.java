package io.onebox.simulator;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.simulator.traffic.InnerTcp;
import io.onebox.simulator.traffic.Pinger;
import io.onebox.simulator.traffic.TcpOptions;
import io.onebox.testing.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Several clients on one server do not disturb each other.
class MultiClientTest {

    /// What the better link of each would give alone.
    private static final double ENOUGH = 5 / 9.0;

    @Seeded(runs = 50)
    void eachOfThreeClientsGetsWhatItsLinksCarry(RandomGenerator random) {
        var simulation = new Simulation(random);
        SimulatedHost server = simulation.host("server");
        List<SimulatedHost> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(client(simulation, "client" + i));
        }
        clients.forEach(client -> client.connect(server));
        simulation.run(ofMillis(1_500));

        List<InnerTcp> flows = clients.stream()
                .map(client -> InnerTcp.start(server.stack(), client.stack(), TcpOptions.CUBIC))
                .toList();
        List<Pinger> pingers = clients.stream()
                .map(client -> Pinger.start(client.stack(), server.stack(), ofMillis(50), ofSeconds(5)))
                .toList();
        simulation.run(ofSeconds(5));
        flows.forEach(InnerTcp::mark);
        simulation.run(ofMillis(2_500));

        assertThat(pingers).extracting(Pinger::lostNumbers).containsOnly(List.of());
        assertThat(flows.get(0).megabitsPerSecond()).isGreaterThan(ENOUGH * 9 * Bond.CEILING);
        assertThat(flows.get(1).megabitsPerSecond()).isGreaterThan(ENOUGH * 9 * Bond.CEILING);
        assertThat(flows.get(2).megabitsPerSecond()).isGreaterThan(ENOUGH * 9 * Bond.CEILING);
        simulation.hosts().forEach(SimulatedHost::stop);
    }

    private static SimulatedHost client(Simulation simulation, String name) {
        SimulatedHost client = simulation.host(name);
        RandomGenerator random = simulation.random();
        client.link("a")
                .megabitsPerSecond(5)
                .delay(ofMillis(5 + random.nextInt(20)))
                .queue(ofMillis(100));
        client.link("b")
                .megabitsPerSecond(4)
                .delay(ofMillis(5 + random.nextInt(40)))
                .queue(ofMillis(100));
        return client;
    }
}
