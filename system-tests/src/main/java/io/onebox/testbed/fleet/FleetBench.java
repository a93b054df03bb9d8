package io.onebox.testbed.fleet;

import io.onebox.shared.config.LogConfig;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.log.LogSetup;
import io.onebox.testbed.Shell;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Measures what a controller promises for a large fleet: memory and processor time at rest, the time of a push and of
/// a disable, and how long a fleet takes to come back. Started by `bin/bench controller`.
public final class FleetBench {

    private static final int SOMETHING_MISSED = 1;
    private static final int DEFAULT_AGENTS = 1_000;
    private static final int CONNECTS_PER_SECOND = 50;
    private static final int WATCHED = 100;
    /// The fleet proves itself on the same cores as the controller: 5,000 agents take two minutes.
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration REST = Duration.ofSeconds(40);
    private static final double SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    // What is promised, and for how many agents: rows b, c and d of issue 5.
    private static final int PUSHED = 1_000;
    private static final int STORMING = 2_000;
    private static final double MAX_PUSH_SECONDS = 2;
    private static final double MAX_DISABLE_SECONDS = 2;
    private static final double MAX_RESIDENT_MIB = 1_200;
    private static final double MAX_CORE_SHARE = 0.6;
    private static final double MAX_STORM_SECONDS = 60;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final int size;
    private boolean hasMissed;

    private FleetBench(int size) {
        this.size = size;
    }

    /// Measures.
    ///
    /// @param args how many agents, or nothing
    public static void main(String[] args) throws IOException {
        LogSetup.apply(new LogConfig(LogConfig.Level.ERROR, LogConfig.Format.TEXT));
        Path directory = Files.createTempDirectory("onebox-fleet-");
        var bench = new FleetBench(args.length == 0 ? DEFAULT_AGENTS : Integer.parseInt(args[0]));
        try (var controller = new LocalController(directory);
                var fleet = new VirtualFleet(controller.url())) {
            Runtime.getRuntime().addShutdownHook(new Thread(controller::close)); // Also after Ctrl-C.
            bench.run(controller, fleet);
        } finally {
            Shell.run(List.of("rm", "-rf", directory.toString()));
        }
        System.exit(bench.hasMissed ? SOMETHING_MISSED : 0);
    }

    private void run(LocalController controller, VirtualFleet fleet) throws IOException {
        controller.awaitReady();
        double emptyMib = controller.residentMib();
        enrol(controller, fleet);
        var watchers = new Watchers(fleet.vertx(), controller.url(), controller.cookie());
        watchers.watch(fleet.agents().subList(1, 1 + Math.min(WATCHED, size)));
        rest(controller, emptyMib);
        report("deltas of agents that are watched", watchers.deltas() / (double) REST.toSeconds(), "1/s");
        push(controller, fleet);
        disable(controller, fleet);
        storm(controller, fleet);
        report("database", controller.databaseMib(), "MiB");
    }

    /// The server first, as in life: every client that comes is one more in its configuration.
    private void enrol(LocalController controller, VirtualFleet fleet) throws IOException {
        List<VirtualAgent> server = fleet.enrol(1, controller.token("server", 1), "server");
        fleet.connect(server, CONNECTS_PER_SECOND);
        VirtualFleet.await(PATIENCE, "a connected server", () -> fleet.connected() == 1);
        long beganNs = System.nanoTime();
        List<VirtualAgent> clients = fleet.enrol(size, controller.token("client", size), "client");
        report("enrolments with a server that is told of each", size / seconds(beganNs), "1/s");
        fleet.connect(clients, CONNECTS_PER_SECOND);
        VirtualFleet.await(PATIENCE, "a connected fleet", () -> fleet.connected() == size + 1);
        awaitApplied(fleet, before(List.of()));
        report(
                "revisions of the server for them",
                (double) server.getFirst().applied().revision(),
                "");
        report("database after enrolment", controller.databaseMib(), "MiB");
    }

    private void rest(LocalController controller, double emptyMib) {
        double beganCpu = controller.cpuSeconds();
        long beganNs = System.nanoTime();
        LockSupport.parkNanos(REST.toNanos());
        double share = (controller.cpuSeconds() - beganCpu) / seconds(beganNs);
        check("processor at rest with 100 watched, share of a core", share, MAX_CORE_SHARE, "");
        check("memory resident", controller.residentMib(), MAX_RESIDENT_MIB, "MiB");
        report("memory for each agent", (controller.residentMib() - emptyMib) * 1024 / size, "KiB");
    }

    /// The server gets another address, so that every client gets another configuration.
    private void push(LocalController controller, VirtualFleet fleet) {
        List<VirtualAgent> clients = fleet.agents().subList(1, size + 1);
        Map<VirtualAgent, Long> before = before(clients);
        String server = fleet.agents().getFirst().id();
        long noted = controller.acknowledgements();
        long beganNs = System.nanoTime();
        CompletableFuture<Double> answered = CompletableFuture.supplyAsync(() -> {
            controller.ask("PATCH", "/agents/" + server, "{\"endpoints\":[\"192.0.2.1:51820\"]}");
            return seconds(beganNs);
        });
        double half = secondsUntilNoted(controller, noted + size / 2, beganNs);
        double nearlyAll = secondsUntilNoted(controller, noted + size * 99L / 100, beganNs);
        report("a change of the whole fleet, as the API answers", answered.join(), "s");
        awaitApplied(fleet, before);
        List<Double> delays = clients.stream()
                .map(agent -> (agent.applied().atNs() - beganNs) / SECOND_NS)
                .sorted()
                .toList();
        report("push until the agent has it, median", delays.get(delays.size() / 2), "s");
        report("push until the agent has it, 99th percentile", delays.get(delays.size() * 99 / 100), "s");
        report("push until its answer is in the database, median", half, "s");
        checkUpTo(PUSHED, "push until its answer is in the database, 99 %", nearlyAll, MAX_PUSH_SECONDS, "s");
    }

    /// Waits until the controller has noted so many acknowledgements; a look now and then does not disturb it.
    private static double secondsUntilNoted(LocalController controller, long count, long beganNs) {
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        while (controller.acknowledgements() < count) {
            if (System.nanoTime() - endNs > 0) {
                throw new IllegalStateException("no " + count + " acknowledgements within " + PATIENCE);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return seconds(beganNs);
    }

    private void disable(LocalController controller, VirtualFleet fleet) {
        VirtualAgent agent = fleet.agents().getLast();
        Map<VirtualAgent, Long> before = before(List.of(agent));
        long beganNs = System.nanoTime();
        controller.ask("POST", "/agents/" + agent.id() + "/disable", "");
        awaitApplied(fleet, before);
        check("disable until it is known", (agent.applied().atNs() - beganNs) / SECOND_NS, MAX_DISABLE_SECONDS, "s");
        JsonObject known = controller.ask("GET", "/agents/" + agent.id(), "");
        if (!"disabled".equals(known.text("state"))) {
            throw new IllegalStateException("not disabled: " + known);
        }
    }

    /// The controller is killed and started again under the whole fleet.
    private void storm(LocalController controller, VirtualFleet fleet) throws IOException {
        double refusedBefore = refusals(fleet);
        long beganNs = System.nanoTime();
        controller.restart();
        VirtualFleet.await(PATIENCE, "nobody connected", () -> fleet.connected() == 0);
        VirtualFleet.await(
                PATIENCE,
                "a fleet that is back",
                () -> fleet.connected() == fleet.agents().size());
        checkUpTo(STORMING, "killed and started: until all are back", seconds(beganNs), MAX_STORM_SECONDS, "s");
        report("refusals of agents meanwhile, who came again", refusals(fleet) - refusedBefore, "");
        controller.awaitReady();
    }

    private static double refusals(VirtualFleet fleet) {
        return fleet.agents().stream().mapToInt(VirtualAgent::refusals).sum();
    }

    private static Map<VirtualAgent, Long> before(List<VirtualAgent> agents) {
        Map<VirtualAgent, Long> revisions = new HashMap<>();
        agents.forEach(agent -> revisions.put(agent, agent.applied().revision()));
        return revisions;
    }

    /// Waits until agents have a newer revision, and all of the fleet one at all.
    private static void awaitApplied(VirtualFleet fleet, Map<VirtualAgent, Long> before) {
        VirtualFleet.await(
                PATIENCE,
                "a configuration for everybody",
                () -> fleet.agents().stream()
                        .allMatch(agent -> agent.applied().revision() > before.getOrDefault(agent, 0L)));
    }

    private static double seconds(long sinceNs) {
        return (System.nanoTime() - sinceNs) / SECOND_NS;
    }

    private void report(String what, double measured, String unit) {
        out.printf(Locale.ROOT, "%-52s %10.2f %s%n", what, measured, unit);
    }

    /// A promise for so many agents; of more it is only reported.
    private void checkUpTo(int agents, String what, double measured, double most, String unit) {
        if (size <= agents) {
            check(what, measured, most, unit);
        } else {
            report(what, measured, unit);
        }
    }

    private void check(String what, double measured, double most, String unit) {
        boolean isKept = measured <= most;
        hasMissed |= !isKept;
        out.printf(
                Locale.ROOT,
                "%-52s %10.2f %-4s at most %8.2f  %s%n",
                what,
                measured,
                unit,
                most,
                isKept ? "ok" : "MISS");
    }
}
