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
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Row n of the bonding table: random pairs and triples of links, Cubic or BBR, up or down; whether their bond is ever
/// worse than the best of them, and how much of their sum it has. A tunnel's headers take their part in any case, so
/// the
/// best link is what a tunnel over it alone can be; how often the bond is better than the link itself is told, too.
///
/// Rates from 2 to 100 Mbit/s and one-way delays from 4 to 80 ms, evenly on a logarithmic scale; queues of 40 to
/// 400 ms; half of the links lose up to 0.5 %, half of them stray by up to 8 ms.
final class RandomLinks {

    private static final Duration WARM_UP = ofSeconds(6);
    private static final Duration MEASURED = ofSeconds(10);
    private static final int MTU = 1_500;
    private static final double ENOUGH = 0.9;

    /// Payload of TCP in a full packet through the tunnel, as a share of that beside it: 1432 bytes instead of 1500, of
    /// which 52 are headers of TCP and IP.
    private static final double TUNNEL = (1_432 - 52) / (1_500.0 - 52);

    private static final double NEVER_WORSE_PERCENT = 99;
    private static final double MOSTLY_PERCENT = 90;

    private final int bonds;

    RandomLinks(int bonds) {
        this.bonds = bonds;
    }

    /// A bond and what it reached, as shares of what the same flow reaches over its links without tunnel.
    private record Reached(int links, boolean isBbr, double ofBest, double ofSum) {

        /// Whether a tunnel can be better than the best link without one: what the others add is more than its headers.
        boolean canBeBetter() {
            return ofSum / ofBest <= TUNNEL;
        }

        /// Whether it is as good as a tunnel over the best link alone can be.
        boolean isAsGoodAsTunnel() {
            return ofBest >= TUNNEL;
        }
    }

    /// Measures, and prints a line for all and for each kind.
    ///
    /// @return whether all together did as promised
    boolean run() {
        List<Reached> reached = LongStream.rangeClosed(1, bonds)
                .parallel()
                .mapToObj(RandomLinks::measure)
                .toList();
        boolean isWell = print("all", reached);
        for (int links = 2; links <= 3; links++) {
            for (boolean isBbr : new boolean[] {false, true}) {
                int count = links;
                print(
                        links + " links " + (isBbr ? "bbr" : "cubic"),
                        reached.stream()
                                .filter(bond -> bond.links() == count && bond.isBbr() == isBbr)
                                .toList());
            }
        }
        return isWell;
    }

    private static boolean print(String what, List<Reached> bonds) {
        if (bonds.isEmpty()) {
            return false;
        }
        double better = share(bonds, Reached::isAsGoodAsTunnel);
        double enough = share(bonds, bond -> bond.ofSum() >= ENOUGH);
        double[] sorted = bonds.stream().mapToDouble(Reached::ofSum).sorted().toArray();
        boolean isWell = better >= NEVER_WORSE_PERCENT && enough >= MOSTLY_PERCENT;
        System.out.printf(
                Locale.ROOT,
                "n   %-13s %4d bonds  >= best link's tunnel in %5.1f%% (needed %.0f)"
                        + "  >= 90%% of sum in %5.1f%% (needed %.0f)"
                        + "  of sum: median %5.1f%%, tenth %5.1f%%, worst %5.1f%%"
                        + "  >= best link without tunnel in %5.1f%%, headers leave room for that in %5.1f%%  %s%n",
                what,
                bonds.size(),
                better,
                NEVER_WORSE_PERCENT,
                enough,
                MOSTLY_PERCENT,
                100 * sorted[sorted.length / 2],
                100 * sorted[sorted.length / 10],
                100 * sorted[0],
                share(bonds, bond -> bond.ofBest() >= 1),
                share(bonds, Reached::canBeBetter),
                isWell ? "ok" : "MISS");
        return isWell;
    }

    private static double share(List<Reached> bonds, Predicate<Reached> which) {
        return 100.0 * bonds.stream().filter(which).count() / bonds.size();
    }

    private static Reached measure(long seed) {
        // First draws of Random are alike for seeds that are.
        RandomGenerator random = new SplittableRandom(seed);
        int links = 2 + random.nextInt(2);
        boolean isBbr = random.nextBoolean();
        TcpOptions control = isBbr ? TcpOptions.BBR : TcpOptions.CUBIC;
        boolean isDownload = random.nextBoolean();
        List<LinkShape> shapes =
                IntStream.range(0, links).mapToObj(_ -> shape(random)).toList();
        double[] alone = shapes.stream()
                .mapToDouble(shape -> alone(shape, control, seed))
                .toArray();

        var bond = new Bond(new Random(seed));
        shapes.forEach(shape ->
                bond.client().link("link" + bond.client().links().size()).shape(_ -> shape));
        bond.connect();
        InnerTcp flow = isDownload ? bond.download(control) : bond.upload(control);
        bond.run(WARM_UP);
        double rate = bond.rate(flow, MEASURED);
        double best = 0;
        double sum = 0;
        for (double one : alone) {
            best = Math.max(best, one);
            sum += one;
        }
        return new Reached(links, isBbr, rate / best, rate / sum);
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
    private static double alone(LinkShape shape, TcpOptions control, long seed) {
        var simulation = new Simulation(new Random(seed));
        var link = new BareLink(simulation, shape, shape, MTU);
        InnerTcp flow = InnerTcp.start(link.left(), link.right(), control);
        simulation.run(WARM_UP);
        flow.mark();
        simulation.run(MEASURED);
        return flow.megabitsPerSecond();
    }
}
