package io.onebox.testbed.fleet;

import io.onebox.agent.control.ControlFiles.Enrolment;
import io.onebox.shared.config.LogConfig;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.log.LogSetup;
import io.onebox.testbed.Shell;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Two nodes on one PostgreSQL lose each other in every way: the network between them is cut, one freezes, one is
/// killed. Run in a network namespace of its own, where `lo` has the addresses of both nodes, by `ClusterSystemTest`,
/// and with a freeze of a minute by `bin/bench cluster`.
///
/// Counts at the end that every change is in the database once, and that every agent has the last.
public final class ClusterDrill {

    /// Exit code if everything came about, but something later than promised.
    public static final int TOO_SLOW = 2;

    private static final List<String> NODES = List.of("10.99.0.1", "10.99.0.2");
    private static final int CLIENTS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    /// A client is told that it has no server yet, then of the server.
    private static final long FIRST_REVISION = 2;

    private static final double MAX_PUSH_SECONDS = 2;
    private static final double MAX_BACK_SECONDS = 10;

    /// How often a node looks into the database without a hint, and how long it waits for a frozen one.
    private static final double MAX_WITHOUT_BUS_SECONDS = 8;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final Vertx vertx = Vertx.vertx();
    private final Path directory;
    private final Duration freeze;
    private final NodeProcess first;
    private final NodeProcess second;
    private final List<DrillAgent> agents = new ArrayList<>();
    private String server = "";
    private int changes;
    private boolean hasMissed;

    private ClusterDrill(Path directory, NodeProcess.Database database, Duration freeze) throws IOException {
        this.directory = directory;
        this.freeze = freeze;
        first = new NodeProcess(directory.resolve("first"), NODES.get(0), NODES, database);
        second = new NodeProcess(directory.resolve("second"), NODES.get(1), NODES, database);
    }

    /// Runs the drill.
    ///
    /// @param args a directory, the database's URL and password file, seconds of the freeze
    public static void main(String[] args) throws IOException {
        LogSetup.apply(new LogConfig(LogConfig.Level.ERROR, LogConfig.Format.TEXT));
        var database = new NodeProcess.Database(args[1], Path.of(args[2]));
        var drill = new ClusterDrill(Path.of(args[0]), database, Duration.ofSeconds(Long.parseLong(args[3])));
        int code = 1;
        try {
            drill.run();
            code = drill.hasMissed ? TOO_SLOW : 0;
        } catch (IOException | RuntimeException e) {
            drill.out.println("failed: " + e);
            drill.out.println("first: " + drill.first.logText() + "\nsecond: " + drill.second.logText());
        } finally {
            drill.first.close();
            drill.second.close();
        }
        System.exit(code);
    }

    private void run() throws IOException {
        start();
        var console = new DrillConsole(vertx, NODES, first.login());
        second.use(first.login());
        enrol();
        console.start();
        await("a console", () -> !console.node().isEmpty());
        sees(second);
        push("a change on the other node", second, MAX_PUSH_SECONDS);
        push("a change on this node", first, MAX_PUSH_SECONDS);
        cut(console);
        freeze(console);
        kill(console);
        count();
    }

    private void start() throws IOException {
        long beganNs = System.nanoTime();
        first.init();
        first.start();
        second.joinAfter(first);
        second.start();
        first.awaitReady();
        second.awaitReady();
        report("two nodes set up and started", seconds(beganNs));
    }

    /// Half of the agents go to each node; the server and the console to the first.
    private void enrol() throws IOException {
        List<URI> urls = List.of(first.url(), second.url());
        var fleet = new VirtualFleet(first.url());
        EnrolmentToken clients = first.token("client", CLIENTS);
        for (VirtualAgent agent : fleet.enrol(CLIENTS, clients, "client")) {
            add(agent, clients, agents.size() % 2 == 0 ? urls : urls.reversed());
        }
        EnrolmentToken one = first.token("server", 1);
        add(fleet.enrol(1, one, "server").getFirst(), one, urls);
        server = agents.getLast().id();
        agents.forEach(DrillAgent::start);
        await(
                "a connected fleet with configurations",
                () -> agents.stream()
                        .allMatch(
                                agent -> agent.isConnected() && agent.applied().revision() > 0));
    }

    private void add(VirtualAgent enrolled, EnrolmentToken token, List<URI> urls) {
        var enrolment = new Enrolment(enrolled.id(), token.pin(), false, urls);
        agents.add(new DrillAgent(vertx, enrolled, enrolment, directory));
    }

    /// A node shows every agent as connected, also those of the other.
    private void sees(NodeProcess node) {
        await("all agents connected, as " + node.address() + " sees them", () -> {
            List<JsonObject> items = node.ask("GET", "/agents?limit=1000", "").objects("items");
            return items.size() == agents.size() && items.stream().allMatch(item -> item.isTrue("connected"));
        });
    }

    /// The server gets another address, so that every client gets another configuration.
    private void push(String what, NodeProcess node, double most) {
        List<Long> before = revisions();
        changes++;
        long beganNs = System.nanoTime();
        node.ask("PATCH", "/agents/" + server, endpoints(changes));
        await(what, () -> areAllNewer(before));
        check(what + ", applied by all", seconds(beganNs), most);
    }

    private static String endpoints(int change) {
        return "{\"endpoints\":[\"192.0.2.1:%d\"]}".formatted(50_000 + change);
    }

    private List<Long> revisions() {
        return agents.stream().map(agent -> agent.applied().revision()).toList();
    }

    private boolean areAllNewer(List<Long> before) {
        for (int i = 0; i < CLIENTS; i++) {
            if (agents.get(i).applied().revision() <= before.get(i)) {
                return false;
            }
        }
        return true;
    }

    /// Only the network between the nodes: members and event bus.
    private void cut(DrillConsole console) {
        long beganNs = System.nanoTime();
        Shell.script("""
                nft add table inet drill
                nft add chain inet drill in '{ type filter hook input priority 0; }'
                nft add rule inet drill in tcp dport '{ 5701, 5702 }' drop
                nft add rule inet drill in tcp sport '{ 5701, 5702 }' drop
                """);
        await(
                "a console without a network between the nodes",
                () -> !console.node().isEmpty());
        await("all agents without a network between the nodes", () -> connected() == agents.size());
        check(
                "the network between them is cut: all agents and the console are there after",
                seconds(beganNs),
                MAX_BACK_SECONDS);
        push("without a network between the nodes, a change on one", second, MAX_WITHOUT_BUS_SECONDS);
        push("without a network between the nodes, a change on the other", first, MAX_WITHOUT_BUS_SECONDS);
        same("agents connected without a network between the nodes", connected(), agents.size());
        Shell.run(List.of("nft", "delete", "table", "inet", "drill"));
        push("after healing", second, MAX_WITHOUT_BUS_SECONDS);
    }

    /// The first node freezes, with a request that it has not read yet.
    private void freeze(DrillConsole console) throws IOException {
        first.signal("STOP");
        long beganNs = System.nanoTime();
        changes++;
        Process late = first.begin("PATCH", "/agents/" + server, endpoints(60 + changes));
        awaitOn(second, console, "a node freezes", beganNs);
        push("while one is frozen", second, MAX_WITHOUT_BUS_SECONDS);
        sees(second);
        LockSupport.parkNanos(Math.max(0, freeze.toNanos() - (System.nanoTime() - beganNs)));
        first.signal("CONT");
        long thawedNs = System.nanoTime();
        await("the request that waited", () -> !late.isAlive());
        report("thawed: what had waited was answered after", seconds(thawedNs));
        sees(first);
        push("after the thaw, on the node that was frozen", first, MAX_WITHOUT_BUS_SECONDS);
    }

    private void kill(DrillConsole console) throws IOException {
        second.signal("KILL");
        long beganNs = System.nanoTime();
        awaitOn(first, console, "a node is killed", beganNs);
        push("while one is dead", first, MAX_WITHOUT_BUS_SECONDS);
        second.start().awaitReady();
        sees(second);
        push("after it is started again, on it", second, MAX_WITHOUT_BUS_SECONDS);
    }

    /// Everybody is back on the node that is left.
    private void awaitOn(NodeProcess left, DrillConsole console, String what, long beganNs) {
        String address = left.address();
        await("a console on " + address, () -> console.node().equals(address));
        check(what + ": the console is back after", seconds(beganNs), MAX_BACK_SECONDS);
        await("all agents on " + address, () -> connectedTo(address) == agents.size());
        check(what + ": all agents are back after", seconds(beganNs), MAX_BACK_SECONDS);
    }

    private static long connected() {
        return NODES.stream().mapToLong(ClusterDrill::connectedTo).sum();
    }

    private static long connectedTo(String address) {
        return Shell.run(List.of("curl", "-s", "http://" + address + ":9588/metrics"))
                .lines()
                .filter(line -> line.startsWith("onebox_controller_agents_connected "))
                .mapToLong(line -> Math.round(Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))))
                .sum();
    }

    /// Every change is there once, in the audit and as a revision; the audit is whole on both nodes; everybody has the
    /// last revision.
    private void count() {
        List<JsonObject> lines = new ArrayList<>();
        JsonObject page = first.ask("GET", "/audit", "");
        while (true) {
            if (page.fields().get("firstBroken") != null) {
                throw new IllegalStateException(
                        "the audit is broken: " + page.fields().get("firstBroken"));
            }
            lines.addAll(page.objects("items"));
            Long next = page.integer("next");
            if (next == null) {
                break;
            }
            page = first.ask("GET", "/audit?before=" + next, "");
        }
        long edits = lines.stream()
                .filter(line -> line.textOrDash("action").equals("agent.edit"))
                .count();
        same("changes in the audit", edits, changes);
        DrillAgent client = agents.getFirst();
        await("the last revision", () -> revision(client) == client.applied().revision());
        same("revisions of a client", client.applied().revision(), changes + FIRST_REVISION);
        for (DrillAgent agent : agents) {
            await(
                    "the state of the last revision",
                    () -> "applied".equals(latest(agent).text("state")));
            same("revision of " + agent.id(), agent.applied().revision(), revision(agent));
        }
        out.printf("%-78s %6d, each once%n", "changes", changes);
    }

    private JsonObject latest(DrillAgent agent) {
        return second.ask("GET", "/agents/" + agent.id(), "").object("configuration");
    }

    private long revision(DrillAgent agent) {
        return Objects.requireNonNull(latest(agent).integer("revision"));
    }

    private static void same(String what, long measured, long expected) {
        if (measured != expected) {
            throw new IllegalStateException(what + ": " + measured + " instead of " + expected);
        }
    }

    private static void await(String what, BooleanSupplier isSo) {
        VirtualFleet.await(PATIENCE, what, isSo);
    }

    private static double seconds(long sinceNs) {
        return (System.nanoTime() - sinceNs) / SECOND_NS;
    }

    private void report(String what, double measured) {
        out.printf(Locale.ROOT, "%-78s %6.1f s%n", what, measured);
    }

    private void check(String what, double measured, double most) {
        boolean isKept = measured <= most;
        hasMissed |= !isKept;
        out.printf(Locale.ROOT, "%-78s %6.1f s, at most %4.1f %s%n", what, measured, most, isKept ? "ok" : "MISS");
    }
}
