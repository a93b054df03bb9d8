package io.onebox.testbed.bench;

import io.onebox.testbed.PingReport;
import io.onebox.testbed.Testbed;
import io.onebox.testbed.TestbedLink;
import io.onebox.testbed.UplinkSpec;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The emulator by itself: whether its links have the rate, delay and queue they are told. If this row misses,
/// no other row means anything.
record EmulatorRow() implements Row {

    // 1448 of 1500 bytes are payload of TCP.
    private static final double IP_SHARE = 1500.0 / 1448;

    private static final int QUEUE_MS = 100;

    /// A link and what it should be.
    private record Link(UplinkSpec spec, int megabits, int rttMs) {
        static Link of(String name, int megabits, int rttMs, int queueMs) {
            String rate = "rate %dmbit".formatted(megabits);
            String delay = "delay %sms".formatted(rttMs / 2.0);
            return new Link(UplinkSpec.of(name, rate, "queue %dms".formatted(queueMs), delay), megabits, rttMs);
        }
    }

    @Override
    public String id() {
        return "0";
    }

    @Override
    public String title() {
        return "the emulator itself: rate on IP level, delay, queue";
    }

    @Override
    public void measure(Plan plan, Consumer<Outcome> outcomes) {
        List<Link> three = List.of(
                Link.of("up1", 100, 20, QUEUE_MS), Link.of("up2", 50, 50, QUEUE_MS), Link.of("up3", 20, 80, QUEUE_MS));
        try (var rig = new Rig(three.stream().map(Link::spec).toList())) {
            for (int i = 0; i < three.size(); i++) {
                delayAndQueue(rig, rig.links().get(i), three.get(i), outcomes);
            }
            rates(rig, plan, three, outcomes);
        }
        List<Link> fast = List.of(Link.of("up1", 1000, 10, 20));
        try (var rig = new Rig(fast.stream().map(Link::spec).toList())) {
            rates(rig, plan, fast, outcomes);
        }
    }

    private void rates(Rig rig, Plan plan, List<Link> links, Consumer<Outcome> outcomes) {
        // BBR would show its own pauses, in which it measures the RTT.
        for (Direction direction : plan.directions()) {
            var flow = new Flow("cubic", direction, 1);
            var watch = Watch.begin();
            List<Double> rates = rig.alone(flow, plan.pace());
            for (int i = 0; i < links.size(); i++) {
                int megabits = links.get(i).megabits();
                outcomes.accept(new Outcome(
                        id(),
                        "%s over %d Mbit/s".formatted(flow, megabits),
                        Goal.share(0.96, megabits),
                        List.of(watch.sample(rates.get(i) * IP_SHARE)),
                        List.of(),
                        Map.of()));
            }
        }
    }

    private void delayAndQueue(Rig rig, TestbedLink link, Link expected, Consumer<Outcome> outcomes) {
        String[] to = {"-S", link.address(), Testbed.SERVER};
        var watch = Watch.begin();
        PingReport idle = PingReport.of(rig.host(), PingReport.command(50, 20, to));
        String name = "%d Mbit/s".formatted(expected.megabits());
        outcomes.accept(Outcome.of(
                id(),
                name + ": RTT beyond %d ms".formatted(expected.rttMs()),
                Goal.atMost(1, "ms"),
                watch.sample(Math.abs(idle.meanMs() - expected.rttMs()))));
        watch = Watch.begin();
        var load = Alongside.start(() -> rig.alone(new Flow("cubic", Direction.UP, 1), Pace.QUICK));
        Disruption.pause(Pace.QUICK.warmUpSeconds());
        PingReport full = PingReport.of(rig.host(), PingReport.command(300, 20, to));
        load.await();
        outcomes.accept(Outcome.of(
                id(),
                name + ": full queue beside %d ms".formatted(QUEUE_MS),
                Goal.atMost(QUEUE_MS / 10.0, "ms"),
                watch.sample(Math.abs(full.maxMs() - expected.rttMs() - QUEUE_MS))));
    }
}
