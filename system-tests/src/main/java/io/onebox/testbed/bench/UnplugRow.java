package io.onebox.testbed.bench;

import io.onebox.testbed.PingReport;
import io.onebox.testbed.TestbedLink;
import io.onebox.testbed.WayToLose;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        return "as a; each link lost in four ways under a ping each 20 ms and a TCP flow; j: replugged";
    }

    @Override
    public void measure(Plan plan, Consumer<Outcome> outcomes) {
        for (Direction direction : plan.directions()) {
            try (var rig = new Rig(List.of(Rows.fifty(), Rows.twenty()))) {
                var flow = new Flow(plan.systems().getFirst(), direction, 1);
                List<Double> alone = rig.alone(flow, Pace.QUICK);
                rig.startBond();
                var watch = Watch.begin();
                List<Run> runs = Stream.generate(() -> Run.of(rig, flow))
                        .limit(plan.pace().runs())
                        .toList();
                var report = new Report(flow, watch, outcomes);
                tellOfStandstills(runs, report);
                for (int i = 0; i < alone.size(); i++) {
                    tellOf(
                            rig.links().get(i),
                            Statistics.sum(alone) - alone.get(i),
                            runs.stream().flatMap(run -> run.losses().stream()).toList(),
                            report);
                }
            }
        }
    }

    /// What must not happen once, in whichever run.
    private void tellOfStandstills(List<Run> runs, Report report) {
        int sent = runs.stream().mapToInt(run -> run.pings().sent()).sum();
        int lost = runs.stream().mapToInt(run -> run.pings().lost()).sum();
        double rttMs =
                runs.stream().mapToDouble(run -> run.pings().maxMs()).max().orElseThrow();
        Loss still = runs.stream()
                .flatMap(run -> run.losses().stream())
                .max(Comparator.comparingDouble(Loss::standstillMs))
                .orElseThrow();
        report.add(id(), "pings lost of " + sent, Goal.atMost(0, "pings"), List.of((double) lost));
        report.add(id(), "largest RTT", Goal.atMost(300, "ms"), List.of(rttMs));
        report.add(
                id(),
                "TCP stands still (%s)".formatted(still.way()),
                Goal.atMost(500, "ms"),
                List.of(still.standstillMs()));
    }

    /// How fast it was without a link, and how soon it used it again; the way to lose it in which that was worst.
    private void tellOf(TestbedLink link, double left, List<Loss> all, Report report) {
        List<Loss> losses = all.stream().filter(loss -> loss.link() == link).toList();
        Worst least = Worst.of(losses, Loss::recovered, Comparator.reverseOrder());
        Worst latest = Worst.of(losses, Loss::usedAgainSeconds, Comparator.naturalOrder());
        report.add(
                id(),
                "1 s after losing %s (%s)".formatted(link.name(), least.way()),
                Goal.share(0.9, left),
                least.runs());
        report.add(
                REPLUG, "%s used again (%s)".formatted(link.name(), latest.way()), Goal.atMost(3, "s"), latest.runs());
    }

    /// Every link lost in every way, once.
    private record Run(PingReport pings, List<Loss> losses) {
        static Run of(Rig rig, Flow flow) {
            int seconds = Disruption.seconds(rig.links().size());
            try (var receiver = new Meter(rig.receiver(flow.direction()));
                    var client = new Meter(rig.host())) {
                var transfer = Alongside.start(() -> rig.bond(flow, new Pace(0, seconds, 1, 1)));
                var ping = Alongside.start(() -> rig.ping(seconds - 1));
                List<Disruption> disruptions = Disruption.all(rig.links());
                PingReport pings = ping.await();
                transfer.await();
                String name = rig.receivingInterface(flow.direction());
                return new Run(
                        pings,
                        disruptions.stream()
                                .map(lost -> new Loss(
                                        lost.link(),
                                        lost.way(),
                                        MS_PER_SECOND
                                                * receiver.longestStandstill(
                                                        name, Direction.DOWN, lost.lostNs(), lost.restoredNs()),
                                        recovered(receiver, name, lost),
                                        client.secondsUntil(
                                                lost.link().name(), flow.direction(), lost.restoredNs(), IN_USE_BYTES)))
                                .toList());
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
    }

    /// What the loss of a link did to the flow.
    ///
    /// @param recovered Mbit/s a second later
    /// @param usedAgainSeconds after it was there again
    private record Loss(
            TestbedLink link, WayToLose way, double standstillMs, double recovered, double usedAgainSeconds) {}

    /// The way to lose a link for which the median of the runs was worst, and what each run said.
    private record Worst(WayToLose way, List<Double> runs) {
        static Worst of(List<Loss> losses, Function<Loss, Double> measure, Comparator<Double> worse) {
            return losses.stream()
                    .collect(Collectors.groupingBy(Loss::way, Collectors.mapping(measure, Collectors.toList())))
                    .entrySet()
                    .stream()
                    .map(way -> new Worst(way.getKey(), way.getValue()))
                    .max(Comparator.comparing(worst -> Statistics.median(worst.runs()), worse))
                    .orElseThrow();
        }
    }

    /// Names the flow in every line.
    private record Report(Flow flow, Watch watch, Consumer<Outcome> outcomes) {
        void add(String row, String what, Goal goal, List<Double> runs) {
            List<Sample> samples = runs.stream().map(watch::sample).toList();
            outcomes.accept(new Outcome(row, flow + ", " + what, goal, samples, List.of(), Map.of()));
        }
    }
}
