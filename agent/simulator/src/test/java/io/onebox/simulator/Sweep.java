package io.onebox.simulator;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.onebox.simulator.link.Capacity;
import io.onebox.simulator.link.LinkShape;
import io.onebox.simulator.traffic.InnerTcp;
import io.onebox.simulator.traffic.TcpOptions;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Prints what random bonds give one TCP flow, against their best link alone and against the sum of their
/// links: for tuning. Run it with the test classes on the class path:
///
/// ```
/// java -cp … io.onebox.simulator.Sweep --pairs 100 --cc cubic,bbr --dir up,down
/// java -cp … io.onebox.simulator.Sweep --pairs 1 --seed 17 --cc bbr --dir up --trace > 17.csv
/// ```
final class Sweep {

    private static final int MTU = 1_500;
    private static final double BITS_PER_MEGABIT = 1e6;

    private final SweepOptions options;
    private final PrintStream out;
    private final List<Double> ofBest = new ArrayList<>();
    private final List<Double> ofSum = new ArrayList<>();

    private Sweep(SweepOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /// See [SweepOptions#USAGE].
    public static void main(String... arguments) {
        new Sweep(SweepOptions.parse(arguments), System.out).run();
    }

    private void run() {
        for (String control : options.controls()) {
            for (String direction : options.directions()) {
                if (options.trace()) {
                    trace(options.firstSeed(), control, direction);
                } else {
                    table(control, direction);
                }
            }
        }
    }

    private void table(String control, String direction) {
        out.printf(Locale.ROOT, "%n%s %s%n", control, direction);
        out.printf(
                Locale.ROOT,
                "%5s %8s %8s %8s %7s %7s %6s %6s %7s  %s%n",
                "seed",
                "bond",
                "best",
                "ceiling",
                "/best",
                "/sum",
                "srtt",
                "resent",
                "repairs",
                "links");
        ofBest.clear();
        ofSum.clear();
        for (long seed = options.firstSeed(); seed < options.firstSeed() + options.bonds(); seed++) {
            row(seed, control, direction);
        }
        out.printf(
                Locale.ROOT,
                "%s %s, %d bonds: bond/best %s   bond/sum %s%n",
                control,
                direction,
                options.bonds(),
                summary(ofBest),
                summary(ofSum));
    }

    private void row(long seed, String control, String direction) {
        List<LinkShape> shapes = shapes(seed);
        double ceiling = shapes.stream().mapToDouble(Sweep::payloadMegabits).sum();
        double best = 0;
        for (LinkShape shape : shapes) {
            best = Math.max(
                    best,
                    options.measureSingles()
                            ? run(seed, List.of(shape), control, direction).rate()
                            : payloadMegabits(shape));
        }
        Result bond = run(seed, shapes, control, direction);
        ofBest.add(bond.rate() / best);
        ofSum.add(bond.rate() / ceiling);
        out.printf(
                Locale.ROOT,
                "%5d %8.2f %8.2f %8.2f %7.3f %7.3f %6d %6d %7d  %s%n",
                seed,
                bond.rate(),
                best,
                ceiling,
                bond.rate() / best,
                bond.rate() / ceiling,
                bond.flow().srttNs() / 1_000_000,
                bond.flow().resentSegments(),
                bond.repairs(),
                shapes.stream().map(Sweep::describe).collect(Collectors.joining(" + ")));
    }

    private record Result(double rate, InnerTcp flow, long repairs) {}

    private Result run(long seed, List<LinkShape> shapes, String control, String direction) {
        Bond bond = bond(seed, shapes);
        InnerTcp flow = flow(bond, control, direction);
        bond.run(ofSeconds(options.warmUpSeconds()));
        double rate = bond.rate(flow, ofSeconds(options.seconds()));
        SimulatedHost sender = direction.equals("up") ? bond.client : bond.server;
        return new Result(rate, flow, sender.agent().snapshot().getFirst().repairedPackets());
    }

    private void trace(long seed, String control, String direction) {
        Bond bond = bond(seed, shapes(seed));
        InnerTcp flow = flow(bond, control, direction);
        boolean isUp = direction.equals("up");
        var trace = new SweepTrace(bond, flow, isUp, out);
        trace.header();
        int steps = 20 * (options.warmUpSeconds() + options.seconds());
        for (int i = 0; i < steps; i++) {
            flow.mark();
            bond.run(ofMillis(50));
            trace.row();
        }
    }

    private static Bond bond(long seed, List<LinkShape> shapes) {
        var bond = new Bond(new Random(seed));
        for (LinkShape shape : shapes) {
            bond.client.link("link" + bond.client.links().size()).shape(_ -> shape);
        }
        return bond.connect();
    }

    private static InnerTcp flow(Bond bond, String control, String direction) {
        TcpOptions tcp = control.equals("bbr") ? TcpOptions.BBR : TcpOptions.CUBIC;
        return direction.equals("up") ? bond.upload(tcp) : bond.download(tcp);
    }

    /// The links of a seed: 2 to 100 Mbit/s, 8 to 160 ms round trip, queues of 40 to 400 ms.
    private List<LinkShape> shapes(long seed) {
        var random = new SplittableRandom(seed);
        List<LinkShape> shapes = new ArrayList<>();
        for (int i = 0; i < options.links(); i++) {
            shapes.add(LinkShape.PERFECT
                    .megabitsPerSecond(logarithmic(random, 2, 100))
                    .delay(ofMillis((long) logarithmic(random, 4, 80)))
                    .queue(ofMillis((long) logarithmic(random, 40, 400)))
                    .loss(random.nextBoolean() ? options.mostLoss() * random.nextDouble() : 0)
                    .jitter(ofMillis(random.nextBoolean() ? random.nextInt(options.mostJitterMs() + 1) : 0))
                    .mtu(MTU));
        }
        return shapes;
    }

    private static double logarithmic(RandomGenerator random, double least, double most) {
        return least * Math.pow(most / least, random.nextDouble());
    }

    private static double megabits(LinkShape shape) {
        return switch (shape.capacity()) {
            case Capacity.Constant(long bytesPerSecond) -> bytesPerSecond * 8.0 / BITS_PER_MEGABIT;
            case Capacity.Recorded(var trace) -> trace.bytesPerSecond() * 8.0 / BITS_PER_MEGABIT;
            case Capacity.Unlimited() -> Double.MAX_VALUE;
        };
    }

    private static double payloadMegabits(LinkShape shape) {
        return megabits(shape) * Bond.CEILING;
    }

    private static String describe(LinkShape shape) {
        return String.format(
                Locale.ROOT,
                "%.1fM/%dms/q%d%s%s",
                megabits(shape),
                2 * shape.delay().baseNs() / 1_000_000,
                shape.queue().waitNs() / 1_000_000,
                shape.loss().inGood() == 0
                        ? ""
                        : String.format(Locale.ROOT, "/l%.2f%%", shape.loss().inGood() * 100),
                shape.delay().jitterNs() == 0 ? "" : "/j" + shape.delay().jitterNs() / 1_000_000);
    }

    private static String summary(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return String.format(
                Locale.ROOT,
                "mean %.3f  p10 %.3f  min %.3f  below 1: %d",
                Arrays.stream(sorted).average().orElse(0),
                sorted[sorted.length / 10],
                sorted[0],
                Arrays.stream(sorted).filter(value -> value < 1).count());
    }
}
