package io.onebox.testbed.bench;

import io.onebox.testbed.PingReport;
import io.onebox.testbed.TestbedLink;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/// Pings and a TCP flow while each link is lost in four ways: what is lost, how long anything stands still, how
/// soon a link is used again.
record UnplugRow() implements Row {

    private static final String REPLUG = "j";

    private static final long NS_PER_SECOND = 1_000_000_000;
    private static final double MS_PER_SECOND = 1000;

    private static final long IN_USE_BYTES = 100_000;
    private static final int RECOVERED_AFTER_SECONDS = 1;
    private static final int RECOVERED_UNTIL_SECONDS = 3;

    // 1348 of 1400 bytes of an inner packet are payload of TCP.
    private static final double PAYLOAD_SHARE = 0.963;

    @Override
    public String id() {
        return "h";
    }

    @Override
    public List<String> ids() {
        return List.of(id(), REPLUG);
    }

    @Override
    public String title() {
        return "as a; each link lost in four ways under ping -i 0.02 and a TCP flow; j: replugged";
    }

    @Override
    public void measure(Plan plan, Consumer<Outcome> outcomes) {
        for (Direction direction : plan.directions()) {
            try (var rig = new Rig(List.of(Rows.fifty(), Rows.twenty()))) {
                measure(rig, new Flow(plan.systems().getFirst(), direction, 1), outcomes);
            }
        }
    }

    private void measure(Rig rig, Flow flow, Consumer<Outcome> outcomes) {
        List<Double> alone = rig.alone(flow, Pace.QUICK);
        rig.startBond();
        int seconds = Disruption.seconds(rig.links().size());
        var watch = Watch.begin();
        try (var receiver = new Meter(rig.receiver(flow.direction()));
                var client = new Meter(rig.host())) {
            var transfer = Alongside.start(() -> rig.bond(flow, new Pace(0, seconds, 1, 1)));
            var ping = Alongside.start(() -> rig.ping(seconds - 1));
            List<Disruption> disruptions = Disruption.all(rig.links());
            PingReport pings = ping.await();
            transfer.await();
            var report = new Report(flow, watch, outcomes);
            report.add(id(), "pings lost of " + pings.sent(), Goal.atMost(0, "pings"), pings.lost());
            report.add(id(), "largest RTT", Goal.atMost(300, "ms"), pings.maxMs());
            String name = rig.receivingInterface(flow.direction());
            Worst still = Worst.of(
                    disruptions,
                    lost -> MS_PER_SECOND
                            * receiver.longestStandstill(name, Direction.DOWN, lost.lostNs(), lost.restoredNs()));
            report.add(id(), "TCP stands still" + still.way(), Goal.atMost(500, "ms"), still.value());
            for (int i = 0; i < alone.size(); i++) {
                TestbedLink link = rig.links().get(i);
                List<Disruption> ofLink =
                        disruptions.stream().filter(lost -> lost.link() == link).toList();
                Goal left = Goal.share(0.9, Statistics.sum(alone) - alone.get(i));
                Worst least = Worst.of(ofLink, lost -> -recovered(receiver, name, lost));
                report.add(id(), "1 s after losing " + link.name() + least.way(), left, -least.value());
                Worst latest = Worst.of(
                        ofLink,
                        lost -> client.secondsUntil(link.name(), flow.direction(), lost.restoredNs(), IN_USE_BYTES));
                report.add(REPLUG, link.name() + " used again" + latest.way(), Goal.atMost(3, "s"), latest.value());
            }
        }
    }

    private static double recovered(Meter receiver, String name, Disruption lost) {
        return PAYLOAD_SHARE
                * receiver.megabitsPerSecond(
                        name,
                        Direction.DOWN,
                        lost.lostNs() + RECOVERED_AFTER_SECONDS * NS_PER_SECOND,
                        lost.lostNs() + RECOVERED_UNTIL_SECONDS * NS_PER_SECOND);
    }

    /// The largest of several numbers and where it was seen.
    private record Worst(double value, String way) {
        static Worst of(List<Disruption> disruptions, ToDoubleFunction<Disruption> measure) {
            return disruptions.stream()
                    .map(lost -> new Worst(measure.applyAsDouble(lost), " (" + lost.way() + ")"))
                    .max(Comparator.comparingDouble(Worst::value))
                    .orElseThrow();
        }
    }

    /// Names the flow in every line.
    private record Report(Flow flow, Watch watch, Consumer<Outcome> outcomes) {
        void add(String row, String what, Goal goal, double value) {
            outcomes.accept(Outcome.of(row, flow + ", " + what, goal, watch.sample(value)));
        }
    }
}
