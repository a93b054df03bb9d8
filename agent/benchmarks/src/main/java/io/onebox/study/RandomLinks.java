package io.onebox.study;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.onebox.simulator.BareLink;
import io.onebox.simulator.Bond;
import io.onebox.simulator.Simulation;
import io.onebox.simulator.link.LinkShape;
import io.onebox.simulator.traffic.InnerTcp;
import io.onebox.simulator.traffic.TcpOptions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Row n of the bonding table: random links, and whether their bond is ever worse than the best of them.
///
/// Rates from 2 to 100 Mbit/s and one-way delays from 4 to 80 ms, evenly on a logarithmic scale; queues of 40 to
/// 400 ms; half of them lose up to 0.5 %, half of them stray by up to 8 ms.
final class RandomLinks {

    private static final Duration WARM_UP = ofSeconds(6);
    private static final Duration MEASURED = ofSeconds(10);
    private static final int MTU = 1_500;
    private static final double ENOUGH = 0.9;
    private static final double NEVER_WORSE_PERCENT = 99;
    private static final double MOSTLY_PERCENT = 90;

    private final int bonds;
    private final TcpOptions control;
    private final boolean isDownload;

    RandomLinks(int bonds, TcpOptions control, boolean isDownload) {
        this.bonds = bonds;
        this.control = control;
        this.isDownload = isDownload;
    }

    /// What one bond reached, as a share.
    private record Share(double ofBest, double ofSum) {}

    /// Measures as many pairs as triples, and prints a line for each.
    ///
    /// @return whether both did as promised
    boolean run() {
        boolean arePairsWell = run(2);
        return run(3) && arePairsWell;
    }

    private boolean run(int links) {
        List<Share> shares = LongStream.rangeClosed(1, bonds)
                .parallel()
                .mapToObj(seed -> measure(links, seed))
                .toList();
        double better = percent(shares.stream().filter(share -> share.ofBest() >= 1));
        double enough = percent(shares.stream().filter(share -> share.ofSum() >= ENOUGH));
        double[] sorted = shares.stream().mapToDouble(Share::ofSum).sorted().toArray();
        boolean isWell = better >= NEVER_WORSE_PERCENT && enough >= MOSTLY_PERCENT;
        System.out.printf(
                Locale.ROOT,
                "n   %d links %-5s %-4s  >= best link in %5.1f%% (needed 99)   >= 90%% of sum in %5.1f%% (needed 90)"
                        + "   median %.1f%%, tenth %.1f%%, worst %.1f%%  %s%n",
                links,
                control.equals(TcpOptions.BBR) ? "bbr" : "cubic",
                isDownload ? "down" : "up",
                better,
                enough,
                100 * sorted[bonds / 2],
                100 * sorted[bonds / 10],
                100 * sorted[0],
                isWell ? "ok" : "MISS");
        return isWell;
    }

    private double percent(Stream<Share> those) {
        return 100.0 * those.count() / bonds;
    }

    private Share measure(int links, long seed) {
        RandomGenerator random = new Random(seed);
        List<LinkShape> shapes =
                IntStream.range(0, links).mapToObj(_ -> shape(random)).toList();
        double[] alone =
                shapes.stream().mapToDouble(shape -> alone(shape, seed)).toArray();
        var bond = new Bond(new Random(seed));
        shapes.forEach(shape ->
                bond.client().link("link" + bond.client().links().size()).shape(_ -> shape));
        bond.connect();
        InnerTcp flow = isDownload ? bond.download(control) : bond.upload(control);
        bond.run(WARM_UP);
        double rate = bond.rate(flow, MEASURED);
        return new Share(
                rate
                        / IntStream.range(0, links)
                                .mapToDouble(i -> alone[i])
                                .max()
                                .orElseThrow(),
                rate / IntStream.range(0, links).mapToDouble(i -> alone[i]).sum());
    }

    private static LinkShape shape(RandomGenerator random) {
        return LinkShape.PERFECT
                .megabitsPerSecond(logarithmic(random, 2, 100))
                .delay(ofMillis(Math.round(logarithmic(random, 4, 80))))
                .queue(ofMillis(Math.round(logarithmic(random, 40, 400))))
                .loss(random.nextBoolean() ? 0.005 * random.nextDouble() : 0)
                .jitter(ofMillis(random.nextBoolean() ? random.nextInt(9) : 0))
                .mtu(MTU);
    }

    private static double logarithmic(RandomGenerator random, double least, double most) {
        return least * Math.pow(most / least, random.nextDouble());
    }

    /// What the same flow reaches over one link without a tunnel.
    private double alone(LinkShape shape, long seed) {
        var simulation = new Simulation(new Random(seed));
        var link = new BareLink(simulation, shape, shape, MTU);
        InnerTcp flow = InnerTcp.start(link.left(), link.right(), control);
        simulation.run(WARM_UP);
        flow.mark();
        simulation.run(MEASURED);
        return flow.megabitsPerSecond();
    }
}
