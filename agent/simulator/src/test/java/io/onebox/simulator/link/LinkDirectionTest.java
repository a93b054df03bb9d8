package io.onebox.simulator.link;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onebox.testing.Seeded;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LinkDirectionTest {

    private static final int PACKET = 1_000;
    private static final long NS_PER_MS = 1_000_000;

    /// One packet of 1000 bytes takes 1 ms.
    private static final LinkShape PACKET_PER_MS = LinkShape.PERFECT.megabitsPerSecond(8);

    private final Deliveries deliveries = new Deliveries();

    @Test
    void deliversAtOnceOverAPerfectLink() {
        LinkDirection link = link(LinkShape.PERFECT);

        assertThat(arrivalNs(link, 5, PACKET)).isEqualTo(5);
    }

    @Test
    void serialisesOnePacketAfterTheOther() {
        LinkDirection link = link(PACKET_PER_MS.delay(ofMillis(20)));

        assertThat(arrivalNs(link, 0, PACKET)).isEqualTo(21 * NS_PER_MS);
        assertThat(arrivalNs(link, 0, PACKET)).isEqualTo(22 * NS_PER_MS);
        assertThat(link.queueDelayNs(NS_PER_MS / 2)).isEqualTo(3 * NS_PER_MS / 2);
        assertThat(arrivalNs(link, 50 * NS_PER_MS, PACKET)).isEqualTo(71 * NS_PER_MS);
    }

    @Test
    void dropsAtTheTailWhatWouldWaitTooLong() {
        LinkDirection link = link(PACKET_PER_MS.queue(ofMillis(2)));

        for (int i = 0; i < 3; i++) {
            assertThat(arrivalNs(link, 0, PACKET)).isPositive();
        }
        assertThat(arrivalNs(link, 0, PACKET)).isNegative();
        assertThat(link.tailDroppedPackets()).isEqualTo(1);
    }

    @Test
    void dropsAtTheTailWhatExceedsTheBytesOfTheQueue() {
        LinkDirection link = link(PACKET_PER_MS.queueBytes(2_500));

        assertThat(arrivalNs(link, 0, PACKET)).isPositive();
        assertThat(arrivalNs(link, 0, PACKET)).isPositive();
        assertThat(arrivalNs(link, 0, PACKET)).isNegative();
        assertThat(arrivalNs(link, NS_PER_MS, PACKET)).isPositive();
    }

    @Test
    void swallowsWhatExceedsTheMtu() {
        LinkDirection link = link(LinkShape.PERFECT.mtu(PACKET));

        assertThat(arrivalNs(link, 0, PACKET)).isZero();
        assertThat(arrivalNs(link, 0, PACKET + 1)).isNegative();
        assertThat(link.tooBigPackets()).isEqualTo(1);
    }

    @Test
    void letsALostPacketConsumeCapacity() {
        LinkDirection link = link(PACKET_PER_MS.loss(1));
        assertThat(arrivalNs(link, 0, PACKET)).isNegative();

        link.shape(PACKET_PER_MS);

        assertThat(arrivalNs(link, 0, PACKET)).isEqualTo(2 * NS_PER_MS);
    }

    @Seeded(runs = 5)
    void losesTheShareItIsToldToInBurstsAndWithout(RandomGenerator random) {
        for (LinkShape shape : new LinkShape[] {
            LinkShape.PERFECT.loss(0.1), LinkShape.PERFECT.loss(Loss.bursts(0.1, 5)),
        }) {
            var link = new LinkDirection(shape, random);

            for (int i = 0; i < 100_000; i++) {
                link.offer(i, PACKET, deliveries);
            }

            assertThat(link.lostPackets() / 100_000.0).isCloseTo(0.1, within(0.01));
        }
    }

    @Seeded(runs = 20)
    void keepsOrderUnderJitterAndStaysNearTheMeanDelay(RandomGenerator random) {
        var link = new LinkDirection(LinkShape.PERFECT.delay(ofMillis(40)).jitter(ofMillis(10)), random);
        long lastNs = 0;
        double sumNs = 0;

        for (int i = 0; i < 20_000; i++) {
            long arrivalNs = arrivalNs(link, i * NS_PER_MS, PACKET);
            assertThat(arrivalNs).isGreaterThanOrEqualTo(lastNs);
            assertThat(arrivalNs - i * NS_PER_MS).isBetween(30 * NS_PER_MS, 50 * NS_PER_MS);
            lastNs = arrivalNs;
            sumNs += arrivalNs - i * NS_PER_MS;
        }

        assertThat(sumNs / 20_000).isCloseTo(40e6, within(2e6));
    }

    @Seeded(runs = 20)
    void letsPacketsOvertakeEachOtherIfAskedTo(RandomGenerator random) {
        LinkShape shape = LinkShape.PERFECT.reordering(0.2, ofMillis(5));
        var link = new LinkDirection(shape, random);
        int late = 0;

        for (int i = 0; i < 1_000; i++) {
            late += arrivalNs(link, i * NS_PER_MS, PACKET) == (i + 5) * NS_PER_MS ? 1 : 0;
        }

        assertThat(late).isBetween(120, 280);
    }

    @Test
    void deliversTwiceAndCorruptIfAskedTo() {
        LinkDirection link = link(LinkShape.PERFECT.duplication(1).corruption(1));

        link.offer(7, PACKET, deliveries);

        assertThat(deliveries.count()).isEqualTo(2);
        assertThat(deliveries.isCorrupt(0)).isTrue();
        assertThat(deliveries.lineNs(1)).isEqualTo(7);
    }

    @Test
    void losesWhatIsInFlightWhenCut() {
        LinkDirection link = link(PACKET_PER_MS);
        link.offer(0, PACKET, deliveries);
        int before = deliveries.generation();

        link.cut();

        assertThat(link.arrives(before)).isFalse();
        assertThat(arrivalNs(link, 1, PACKET)).isNegative();
        assertThat(link.lostPackets()).isEqualTo(2);
        link.restore(2 * NS_PER_MS);
        assertThat(arrivalNs(link, 2 * NS_PER_MS, PACKET)).isEqualTo(3 * NS_PER_MS);
        assertThat(link.arrives(deliveries.generation())).isTrue();
    }

    @Test
    void letsEverythingWaitWhilePaused() {
        LinkDirection link = link(PACKET_PER_MS.delay(ofMillis(10)));
        long firstNs = arrivalNs(link, 0, PACKET);

        link.pause(5 * NS_PER_MS);
        long secondNs = arrivalNs(link, 60 * NS_PER_MS, PACKET);
        assertThat(link.dueNs(firstNs)).isEqualTo(Long.MAX_VALUE);
        link.resume(105 * NS_PER_MS);

        assertThat(link.dueNs(firstNs)).isEqualTo(111 * NS_PER_MS);
        assertThat(link.dueNs(secondNs)).isEqualTo(116 * NS_PER_MS);
    }

    @Test
    void followsATraceByteByByteAndRepeatsIt() {
        LinkDirection link = link(LinkShape.PERFECT.trace(DeliveryTrace.ofMillis(1, 1, 4, 10)));

        assertThat(arrivalNs(link, 0, 1500)).isEqualTo(NS_PER_MS);
        assertThat(arrivalNs(link, 0, 1000)).isEqualTo(NS_PER_MS);
        assertThat(arrivalNs(link, 0, 1000)).isEqualTo(4 * NS_PER_MS);
        assertThat(arrivalNs(link, 0, 1000)).isEqualTo(4 * NS_PER_MS);
        assertThat(arrivalNs(link, 0, 1500)).isEqualTo(10 * NS_PER_MS);
        assertThat(arrivalNs(link, 15 * NS_PER_MS, 1500)).isEqualTo(20 * NS_PER_MS);
        assertThat(arrivalNs(link, 20 * NS_PER_MS, 3000)).isEqualTo(21 * NS_PER_MS);
        assertThat(arrivalNs(link, 1_000_500_000, 100)).isEqualTo(1_001 * NS_PER_MS);
    }

    @Test
    void servesATraceAtItsMeanRateWhenBacklogged() {
        DeliveryTrace trace = DeliveryTrace.ofMillis(3, 3, 7, 12, 20);
        LinkDirection link = link(LinkShape.PERFECT.trace(trace));
        long lastNs = 0;

        for (int i = 0; i < 1_000; i++) {
            lastNs = arrivalNs(link, 0, 1200);
        }

        assertThat(1_000 * 1200 * 1e9 / lastNs).isCloseTo((double) trace.bytesPerSecond(), within(1_000.0));
    }

    private static LinkDirection link(LinkShape shape) {
        return new LinkDirection(shape, new Random(1));
    }

    private long arrivalNs(LinkDirection link, long nowNs, int bytes) {
        link.offer(nowNs, bytes, deliveries);
        return deliveries.count() == 0 ? -1 : deliveries.lineNs(0);
    }
}
