package io.onebox.testbed.bench;

import io.onebox.testbed.UplinkSpec;
import java.util.List;
import java.util.function.Consumer;

/// A metered link beside one that costs nothing: used only while the other is full.
record CostRow() implements Row {

    private static final String FREE = "up1";
    private static final String METERED = "up2";
    private static final int FREE_MEGABITS = 40;

    private static final long NS_PER_SECOND = 1_000_000_000;
    private static final int CALM_SECONDS = 10;
    private static final int FULL_SECONDS = 6;
    private static final int AFTERWARDS_SECONDS = 5;
    private static final double KILOBITS_PER_MEGABIT = 1000;

    // What 100 ms of the free link carry: by then it is full.
    private static final long FULL_BYTES = FREE_MEGABITS * 125_000L / 10;
    private static final long OVERFLOW_BYTES = 50_000;
    private static final double QUIET_MEGABITS = 0.1;

    // Half of what the metered link has: our own measure of overflow that is more than a trickle.
    private static final double USED_MEGABITS = 15;

    @Override
    public String id() {
        return "m";
    }

    @Override
    public String title() {
        return "cost-aware; DSL 40 Mbit/s 18 ms + metered LTE 30 Mbit/s 50 ms";
    }

    @Override
    public void measure(Plan plan, Consumer<Outcome> outcomes) {
        List<UplinkSpec> links = List.of(
                UplinkSpec.of(FREE, "rate 40mbit", "queue 100ms", "delay 9ms"),
                UplinkSpec.of(METERED, "rate 30mbit", "queue 200ms", "delay 25ms"));
        String metered = """
                [[link]]
                interface = "%s"
                metered = true
                """.formatted(METERED);
        for (Direction direction : plan.directions()) {
            try (var rig = new Rig(links, "[bonding]\nmode = \"cost-aware\"\n", metered);
                    var meter = new Meter(rig.host())) {
                rig.startBond();
                Disruption.pause(2);
                measureCalm(rig, meter, direction, outcomes);
                measureOverflow(rig, meter, new Flow(plan.systems().getFirst(), direction, 1), outcomes);
            }
        }
    }

    private void measureCalm(Rig rig, Meter meter, Direction direction, Consumer<Outcome> outcomes) {
        var idle = Watch.begin();
        long startNs = System.nanoTime();
        Disruption.pause(CALM_SECONDS);
        add(outcomes, direction + ", LTE while idle", Goal.atMost(1, "kbit/s"), idle.sample(onMetered(meter, startNs)));

        var little = Watch.begin();
        startNs = System.nanoTime();
        rig.udp(FREE_MEGABITS / 8, direction, 0, CALM_SECONDS);
        add(
                outcomes,
                direction + ", LTE while DSL suffices",
                Goal.atMost(1, "kbit/s"),
                little.sample(onMetered(meter, startNs)));
    }

    private static double onMetered(Meter meter, long startNs) {
        long nowNs = System.nanoTime();
        return KILOBITS_PER_MEGABIT
                * (meter.megabitsPerSecond(METERED, Direction.UP, startNs, nowNs)
                        + meter.megabitsPerSecond(METERED, Direction.DOWN, startNs, nowNs));
    }

    private void measureOverflow(Rig rig, Meter meter, Flow flow, Consumer<Outcome> outcomes) {
        var watch = Watch.begin();
        long startNs = System.nanoTime();
        rig.bond(flow, new Pace(0, FULL_SECONDS, 1, 1));
        long endNs = System.nanoTime();
        Disruption.pause(AFTERWARDS_SECONDS);
        double full = meter.secondsUntil(FREE, flow.direction(), startNs, FULL_BYTES);
        double overflow = meter.secondsUntil(METERED, flow.direction(), startNs, OVERFLOW_BYTES);
        add(
                outcomes,
                flow + ", overflow after DSL is full",
                Goal.atMost(0.5, "s"),
                watch.sample(Math.max(0, overflow - full)));
        double rate = meter.megabitsPerSecond(METERED, flow.direction(), endNs - 3 * NS_PER_SECOND, endNs);
        add(outcomes, flow + ", LTE used when DSL is full", Goal.rate(USED_MEGABITS), watch.sample(rate));
        double quiet = meter.secondsUntilBelow(METERED, flow.direction(), endNs, QUIET_MEGABITS);
        add(outcomes, flow + ", LTE left after the flow", Goal.atMost(2, "s"), watch.sample(quiet));
    }

    private void add(Consumer<Outcome> outcomes, String what, Goal goal, Sample sample) {
        outcomes.accept(Outcome.of(id(), what, goal, sample));
    }
}
