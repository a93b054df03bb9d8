package io.onebox.testbed;

import io.onebox.shared.config.LogConfig;
import io.onebox.shared.log.LogSetup;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Shows the main job with real traffic: each uplink alone, a controller that enrols and configures both ends, all
/// uplinks bonded, and one of them pulled out under a ping. Started by `bin/demo`, as root.
public final class Demo {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PINGS = 160;
    private static final int PING_INTERVAL_MS = 50;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final Testbed testbed;
    private final DeployedClient client;
    private final Deployment deployment;
    private final ControllerProcess controller;
    private final boolean isKept;

    /// Path and fragment of the address where whoever looks at the demo becomes the owner.
    private String setUp = "";

    private Demo(Testbed testbed, boolean isKept) {
        this.testbed = testbed;
        this.isKept = isKept;
        this.deployment = new Deployment(testbed);
        this.controller = new ControllerProcess(
                testbed.server(), Testbed.SERVER, testbed.directory().resolve("controller"));
        this.client = deployment.add(testbed.client(UplinkSpec.threeUnequal()));
    }

    /// Runs the demonstration and cleans up, also after Ctrl-C.
    ///
    /// @param args `--keep` leaves everything running until Ctrl-C
    public static void main(String[] args) {
        LogSetup.apply(new LogConfig(LogConfig.Level.WARN, LogConfig.Format.TEXT));
        try {
            var testbed = new Testbed(1);
            // The one way out, for the end in order, for Ctrl-C and for a failure.
            Runtime.getRuntime().addShutdownHook(new Thread(testbed::close));
            var demo = new Demo(testbed, List.of(args).contains("--keep"));
            demo.run();
            if (demo.isKept) {
                demo.explain();
                new CountDownLatch(1).await();
            }
        } catch (IllegalStateException | Shell.CommandFailed | IOException e) {
            System.err.println("bin/demo: " + e.getMessage());
            System.exit(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() throws IOException, InterruptedException {
        out.println("onebox demo: a client with three unequal uplinks, a server, and a host behind it");
        out.println(testbed.shaper().description());
        out.println();
        out.printf("%-34s %12s %12s%n", "Mbit/s of one TCP flow", "download", "upload");
        double downSum = 0;
        double upSum = 0;
        for (TestbedLink link : client.uplinks().links()) {
            String arguments = "-t 3 -O 1 -B %s -c %s".formatted(link.address(), Testbed.SERVER);
            double down = goodput(arguments + " -R");
            double up = goodput(arguments);
            row(link.name() + " alone, no tunnel", down, up, "");
            downSum += down;
            upSum += up;
        }
        row("sum", downSum, upSum, "");

        enrol();
        for (String address : List.of(Testbed.INTERNET, Testbed.INTERNET6)) {
            double down = goodput("-t 6 -O 2 -R -c " + address);
            double up = goodput("-t 6 -O 2 -c " + address);
            String share = String.format(
                    Locale.ROOT, "   %.0f %% / %.0f %% of the sum", 100 * down / downSum, 100 * up / upSum);
            row("bond, " + (address.contains(":") ? "IPv6" : "IPv4"), down, up, share);
        }
        fetch();
        out.println();
        unplug();
    }

    /// A controller, then both agents by a token each: no key and no file is written by hand.
    private void enrol() {
        long beganNs = System.nanoTime();
        setUp = controller.initWithoutUsers();
        controller.serve();
        deployment.enrol(controller);
        JsonObject control = client.agent().status().getJsonObject("control");
        out.printf(
                Locale.ROOT,
                "%ncontroller set up, server and client enrolled, configuration %d %s: %.1f s%n",
                control.getInteger("configRevision"),
                control.getString("configState"),
                secondsSince(beganNs));
        if (!isKept) {
            push();
        }
        out.println();
    }

    /// Two changes at the controller, and how soon the client is as it says. They take a user, and with the first one
    /// the address of the set-up is worth nothing: who keeps the demo makes them himself, in the console.
    private void push() {
        controller.addUser(ControllerProcess.OWNER).logIn();
        String path = "/agents/" + controller.agent("client0").getString("id");
        long disabledNs = System.nanoTime();
        controller.ask("POST", path + "/disable", "");
        client.agent().await(PATIENCE, status -> status.getString("state").equals("down"));
        double off = secondsSince(disabledNs);
        long enabledNs = System.nanoTime();
        controller.ask("POST", path + "/enable", "");
        client.agent().awaitLinks(3, PATIENCE);
        out.printf(
                Locale.ROOT,
                "pushed: disabled, the tunnel is off after %.1f s; enabled, all links carry after %.1f s%n",
                off,
                secondsSince(enabledNs));
    }

    private static double secondsSince(long beganNs) {
        return (System.nanoTime() - beganNs) / 1e9;
    }

    private void row(String what, double down, double up, String note) {
        out.printf(Locale.ROOT, "%-34s %12.1f %12.1f%s%n", what, down, up, note);
    }

    private double goodput(String arguments) {
        return IperfReport.of(client.host(), arguments).megabitsPerSecond();
    }

    private void fetch() {
        Path page = testbed.page();
        String expected = Shell.script("sha256sum < " + page);
        String fetched = client.host().run("curl -sS -m 30 http://%s/ | sha256sum".formatted(Testbed.INTERNET));
        if (!fetched.equals(expected)) {
            throw new IllegalStateException("the page came through the tunnel changed");
        }
        out.println("curl http://%s/ through the tunnel: 3 MB, content intact".formatted(Testbed.INTERNET));
    }

    /// Pulls the fastest uplink out under a ping, waits for the agent to notice, and plugs it back in.
    private void unplug() throws IOException, InterruptedException {
        TestbedLink link = client.uplinks().link("up1");
        Path report = testbed.directory().resolve("demo-ping.txt");
        Process ping = client.host().start(report, PingReport.command(PINGS, PING_INTERVAL_MS, Testbed.INTERNET));
        long startNs = System.nanoTime();
        client.agent().awaitLinks(3, PATIENCE);
        link.pullCable();
        client.agent().await(PATIENCE, status -> AgentProcess.usableLinks(status) == 2);
        out.printf(Locale.ROOT, "%s unplugged: two links carry on%n", link.name());
        link.restore();
        client.agent().awaitLinks(3, PATIENCE);
        out.printf(
                Locale.ROOT,
                "%s plugged in again: three links, %.1f s after the ping began%n",
                link.name(),
                secondsSince(startNs));
        if (!ping.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("fping did not end");
        }
        PingReport pings = PingReport.parse(Files.readString(report));
        out.printf(
                Locale.ROOT,
                "ping every %d ms meanwhile: %d sent, %d answered, mean RTT %.1f ms, largest %.0f ms%n",
                PING_INTERVAL_MS,
                pings.sent(),
                pings.sent() - pings.lost(),
                pings.meanMs(),
                pings.maxMs());
    }

    private void explain() {
        String enter = "ip netns exec " + client.host().namespace();
        int port = PortForward.to(testbed.server(), ControllerProcess.PORT).port();
        out.println();
        out.println("Everything is left running. Choose login and password of the console's owner, once, at:");
        out.println();
        out.println("  https://127.0.0.1:%d%s".formatted(port, setUp));
        out.println();
        out.println("The browser warns, as it does not know the controller's own root. From another machine:");
        out.println("  ssh -L %d:127.0.0.1:%d THIS-MACHINE".formatted(port, port));
        out.println("Or look around in another terminal, as root:");
        out.println("  %s %s status --socket %s"
                .formatted(
                        enter,
                        AgentProcess.program("client"),
                        client.agent().files().socket()));
        out.println("  ip netns exec %s %s clients --socket %s"
                .formatted(
                        testbed.server().namespace(),
                        AgentProcess.program("server"),
                        deployment.server().files().socket()));
        out.println("  %s ping %s".formatted(enter, Testbed.INTERNET));
        out.println("  %s curl http://%s/ -o /dev/null".formatted(enter, Testbed.INTERNET));
        out.println("Ctrl-C ends it and cleans up.");
    }
}
