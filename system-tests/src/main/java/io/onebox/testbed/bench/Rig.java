package io.onebox.testbed.bench;

import io.onebox.testbed.DeployedClient;
import io.onebox.testbed.Deployment;
import io.onebox.testbed.IperfReport;
import io.onebox.testbed.Testbed;
import io.onebox.testbed.TestbedClient;
import io.onebox.testbed.TestbedHost;
import io.onebox.testbed.TestbedLink;
import io.onebox.testbed.UplinkSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A testbed with the links of a row, and agents that are started when it is their turn.
final class Rig implements AutoCloseable {

    // Testbed starts iperf3 servers from here on, three at the server and three at the internet host.
    private static final int FIRST_PORT = 5201;
    private static final int MPTCP_PORT = 5301;

    private static final long SEED = 1;

    private final Testbed testbed = new Testbed(SEED);
    private final TestbedClient uplinks;
    private final Deployment deployment;
    private final DeployedClient client;
    private boolean isMptcpReady;

    /// Links, nothing running.
    Rig(List<UplinkSpec> links) {
        this(links, "");
    }

    /// Links, nothing running.
    ///
    /// @param moreToml for the client's configuration
    Rig(List<UplinkSpec> links, String moreToml) {
        try {
            uplinks = testbed.client(links);
            deployment = new Deployment(testbed);
            client = deployment.add(uplinks, moreToml);
        } catch (RuntimeException e) {
            testbed.close();
            throw e;
        }
    }

    Testbed testbed() {
        return testbed;
    }

    DeployedClient client() {
        return client;
    }

    TestbedHost host() {
        return uplinks.host();
    }

    List<TestbedLink> links() {
        return uplinks.links();
    }

    /// Starts the agents and waits until every link carries data.
    void startBond() {
        deployment.start();
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
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            List<CompletableFuture<Double>> rates = new ArrayList<>();
            for (TestbedLink link : links()) {
                String arguments = "%s -c %s -B %s -p %d"
                        .formatted(flow.arguments(pace), Testbed.SERVER, link.address(), FIRST_PORT + rates.size());
                rates.add(CompletableFuture.supplyAsync(
                        () -> IperfReport.of(host(), arguments).megabitsPerSecond(), threads));
            }
            return rates.stream().map(CompletableFuture::join).toList();
        }
    }

    /// A flow through the tunnel, once.
    Sample bond(Flow flow, Pace pace) {
        return Sample.of(() -> IperfReport.of(host(), flow.arguments(pace) + " -c " + Testbed.INTERNET)
                .megabitsPerSecond());
    }

    /// A flow over kernel MPTCP with a subflow on each link, without tunnel; the median.
    double mptcp(Flow flow, Pace pace) {
        prepareMptcp();
        List<Double> rates = new ArrayList<>();
        for (int run = 0; run < pace.runs(); run++) {
            String command = "mptcpize run iperf3 -J --connect-timeout 5000 %s -c %s -p %d"
                    .formatted(flow.arguments(pace), Testbed.SERVER, MPTCP_PORT);
            rates.add(IperfReport.parse(host().attempt(command).output()).megabitsPerSecond());
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
