package io.onebox.testbed.bench;

import io.onebox.testbed.DeployedClient;
import io.onebox.testbed.Deployment;
import io.onebox.testbed.IperfReport;
import io.onebox.testbed.PingReport;
import io.onebox.testbed.Testbed;
import io.onebox.testbed.TestbedClient;
import io.onebox.testbed.TestbedHost;
import io.onebox.testbed.TestbedLink;
import io.onebox.testbed.UplinkSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A testbed with the links of a row, and agents that are started when it is their turn.
final class Rig implements AutoCloseable {

    // Testbed starts iperf3 servers from here on, three at the server and three at the internet host.
    private static final int FIRST_PORT = 5201;
    private static final int MPTCP_PORT = 5301;

    private static final int PING_MS = 20;

    private static final long SEED = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Testbed testbed = new Testbed(SEED);
    private final TestbedClient uplinks;
    private final Deployment deployment;
    private final DeployedClient client;
    private boolean isMptcpReady;

    /// Links, nothing running.
    Rig(List<UplinkSpec> links) {
        this(links, "", "");
    }

    /// Links, nothing running.
    ///
    /// @param bondingToml for the configuration of both ends
    /// @param clientToml for the client's alone
    Rig(List<UplinkSpec> links, String bondingToml, String clientToml) {
        try {
            uplinks = testbed.client(links);
            deployment = new Deployment(testbed, bondingToml);
            client = deployment.add(uplinks, bondingToml + clientToml);
        } catch (RuntimeException e) {
            testbed.close();
            throw e;
        }
    }

    TestbedHost host() {
        return uplinks.host();
    }

    /// Where the payload of a flow through the tunnel arrives.
    TestbedHost receiver(Direction direction) {
        return direction == Direction.UP ? testbed.internet() : host();
    }

    /// The interface there by which it arrives.
    String receivingInterface(Direction direction) {
        return direction == Direction.UP ? "eth0" : "onebox0";
    }

    List<TestbedLink> links() {
        return uplinks.links();
    }

    /// Starts the agents and waits until every link carries data.
    void startBond() {
        deployment.start();
    }

    /// Adds a link to a running bond and waits until it carries data.
    void plug(UplinkSpec link) {
        uplinks.plug(link);
        client.agent().awaitLinks(links().size(), PATIENCE);
    }

    /// What a flow reaches on each link by itself, without tunnel. The links share nothing but the machine, so
    /// they are measured at the same time.
    List<Double> alone(Flow flow, Pace pace) {
        List<List<Double>> perLink = new ArrayList<>();
        links().forEach(_ -> perLink.add(new ArrayList<>()));
        for (int run = 0; run < pace.aloneRuns(); run++) {
            List<Double> rates = aloneOnce(flow, pace);
            for (int i = 0; i < rates.size(); i++) {
                perLink.get(i).add(rates.get(i));
            }
        }
        return perLink.stream().map(Statistics::median).toList();
    }

    private List<Double> aloneOnce(Flow flow, Pace pace) {
        List<Alongside<IperfReport>> reports = new ArrayList<>();
        for (TestbedLink link : links()) {
            String arguments =
                    "%s -c %s -B %s -p %d".formatted(flow.arguments(pace), Testbed.SERVER, link.address(), port(link));
            reports.add(Alongside.start(() -> IperfReport.of(host(), arguments)));
        }
        return reports.stream()
                .map(report -> report.await().megabitsPerSecond())
                .toList();
    }

    private int port(TestbedLink link) {
        return FIRST_PORT + links().indexOf(link);
    }

    /// A flow through the tunnel, once.
    Sample bond(Flow flow, Pace pace) {
        var watch = Watch.begin();
        IperfReport report = IperfReport.of(host(), flow.arguments(pace) + " -c " + Testbed.INTERNET);
        return watch.sample(report.megabitsPerSecond());
    }

    /// Pings through the tunnel, one each 20 ms.
    PingReport ping(int seconds) {
        return PingReport.of(host(), PingReport.command(seconds * 1000 / PING_MS, PING_MS, Testbed.INTERNET));
    }

    /// A stream of UDP through the tunnel.
    ///
    /// @param megabits its rate of payload
    IperfReport udp(int megabits, Direction direction, int warmUpSeconds, int seconds) {
        return IperfReport.of(
                host(), udpArguments(megabits, direction, warmUpSeconds, seconds) + " -c " + Testbed.INTERNET);
    }

    /// A stream of UDP over one link without tunnel.
    IperfReport udpAlone(TestbedLink link, int megabits, Direction direction, int seconds) {
        String arguments = udpArguments(megabits, direction, 0, seconds);
        return IperfReport.of(
                host(), "%s -c %s -B %s -p %d".formatted(arguments, Testbed.SERVER, link.address(), port(link)));
    }

    private static String udpArguments(int megabits, Direction direction, int warmUpSeconds, int seconds) {
        return "-u -w 1M -l 1200 -b %dM -O %d -t %d %s".formatted(megabits, warmUpSeconds, seconds, direction.option());
    }

    /// A flow over kernel MPTCP with a subflow on each link, without tunnel; the median.
    double mptcp(Flow flow, Pace pace) {
        prepareMptcp();
        List<Double> rates = new ArrayList<>();
        for (int run = 0; run < pace.runs(); run++) {
            String arguments = "%s -c %s -p %d".formatted(flow.arguments(pace), Testbed.SERVER, MPTCP_PORT);
            rates.add(IperfReport.of(host(), "mptcpize run iperf3", arguments).megabitsPerSecond());
        }
        return Statistics.median(rates);
    }

    private void prepareMptcp() {
        if (isMptcpReady) {
            return;
        }
        isMptcpReady = true;
        String limits = "ip mptcp limits set subflows 8 add_addr_accepted 8";
        testbed.server().run(limits);
        host().run(limits);
        // The first link carries the connection's first subflow already.
        links().stream()
                .skip(1)
                .forEach(link ->
                        host().run("ip mptcp endpoint add %s dev %s subflow".formatted(link.address(), link.name())));
        testbed.server()
                .start(
                        testbed.directory().resolve("mptcp.log"),
                        "mptcpize",
                        "run",
                        "iperf3",
                        "-s",
                        "-p",
                        Integer.toString(MPTCP_PORT));
        host().run("for i in $(seq 50); do ip netns exec %s ss -ltnH sport = :%d | grep -q . && exit 0; sleep 0.1; done"
                .formatted(testbed.server().namespace(), MPTCP_PORT));
    }

    @Override
    public void close() {
        testbed.close();
    }
}
