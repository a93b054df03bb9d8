package io.onebox.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.packet.InnerPackets;
import io.onebox.engine.packet.IpFlyweight;
import io.onebox.engine.packet.Packet;
import io.onebox.testing.AllocationMeter;
import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlowQueueTest implements FlowQueue.Discards {

    private static final long MS = 1_000_000;
    private static final int MOST = 200;

    private final InnerPackets packets = new InnerPackets(400);
    private final FlowQueue queue = new FlowQueue(MOST, this);
    private final IpFlyweight ip = new IpFlyweight();

    private final int[] overflows = new int[8];
    private final int[] slowed = new int[8];

    @Override
    public void discard(Packet packet, boolean overflow) {
        (overflow ? overflows : slowed)[packet.flow()]++;
        packet.release();
    }

    @AfterEach
    void everyPacketComesBack() {
        queue.clear();
        assertThat(packets.allReturned()).isTrue();
        assertThat(queue.count()).isZero();
        assertThat(queue.bytes()).isZero();
    }

    private void add(int flow, int length, long nowNs) {
        Packet packet = packets.ipv4(IpFlyweight.UDP, 1, 2, length);
        packet.flow(flow);
        queue.add(packet, nowNs);
    }

    private int pollFlow(long nowNs) {
        Packet packet = queue.poll(nowNs);
        if (packet == null) {
            return -1;
        }
        int flow = packet.flow();
        packet.release();
        return flow;
    }

    @Test
    void keepsAFlowInOrder() {
        for (int i = 0; i < 50; i++) {
            Packet packet = packets.ipv4(IpFlyweight.UDP, 1, 2, 100);
            packet.flow(1);
            packet.dataSequence(i);
            queue.add(packet, 0);
        }

        for (int i = 0; i < 50; i++) {
            Packet packet = queue.poll(0);
            assertThat(packet.dataSequence()).isEqualTo(i);
            packet.release();
        }
        assertThat(queue.poll(0)).isNull();
    }

    /// 60 ms of queue are too many for steady paths, and what fills those that vary.
    @Test
    void toleratesMoreWhileItsRateVaries() {
        queue.varies(true);
        passWithQueueOf60Ms(0);
        assertThat(slowed[1]).isZero();

        queue.varies(false);
        passWithQueueOf60Ms(10_000 * MS);
        assertThat(slowed[1]).isPositive();
    }

    private void passWithQueueOf60Ms(long fromNs) {
        for (int ms = 0; ms < 1_000; ms++) {
            add(1, 1_000, fromNs + ms * MS);
            if (ms >= 60) {
                assertThat(pollFlow(fromNs + ms * MS)).isEqualTo(1);
            }
        }
        queue.clear();
    }

    /// Fair in bytes, not in packets.
    @Test
    void servesTwoFlowsAlike() {
        int[] served = new int[3];
        for (int i = 0; i < 120; i++) {
            add(1, 1_500, 0);
        }
        for (int i = 0; i < 80; i++) {
            add(2, 500, 0);
        }

        for (int i = 0; i < 80; i++) {
            Packet packet = queue.poll(0);
            served[packet.flow()] += packet.length();
            packet.release();
        }

        assertThat(Math.abs(served[1] - served[2])).isLessThanOrEqualTo(2 * 1_514);
    }

    @Test
    void aSparseFlowDoesNotWaitForABulkFlow() {
        for (int i = 0; i < 100; i++) {
            add(1, 1_500, 0);
        }
        pollFlow(0);
        pollFlow(0);

        for (int turn = 0; turn < 20; turn++) {
            add(2, 100, turn * MS);
            int waited = 0;
            while (pollFlow(turn * MS) != 2) {
                waited++;
            }
            assertThat(waited).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void aFullQueueTakesFromTheLongestFlow() {
        for (int i = 0; i < 10; i++) {
            add(2, 1_500, 0);
        }
        for (int i = 0; i < MOST; i++) {
            add(1, 1_500, 0);
        }

        assertThat(queue.count()).isEqualTo(MOST);
        assertThat(overflows[1]).isEqualTo(10);
        assertThat(overflows[2]).isZero();
    }

    @Test
    void asksAFlowThatStandsToSlowDown() {
        long nowNs = fillAndDrainSlowly(0);

        assertThat(slowed[1]).isPositive();
        assertThat(queue.marked()).isZero();
        assertThat(nowNs).isPositive();
    }

    @Test
    void marksInsteadOfDroppingWhereTheFlowUnderstandsIt() {
        fillAndDrainSlowly(2);

        assertThat(slowed[1]).isZero();
        assertThat(queue.marked()).isPositive();
    }

    /// A packet a millisecond in and out, with a standing queue of 100 ms.
    private long fillAndDrainSlowly(int ecn) {
        long nowNs = 0;
        int marks = 0;
        for (int i = 0; i < 1_000; i++) {
            nowNs += MS;
            if (queue.count() < 150) {
                Packet packet = InnerPackets.ecn(packets.ipv4(IpFlyweight.UDP, 1, 2, 1_000), ecn);
                packet.flow(1);
                queue.add(packet, nowNs);
            }
            if (i < 100) {
                continue;
            }
            Packet packet = queue.poll(nowNs);
            if (packet != null) {
                ip.wrap(packet.segment(), packet.offset(), packet.length());
                marks += ip.ecn() == 3 ? 1 : 0;
                packet.release();
            }
        }
        assertThat(marks).isEqualTo((int) queue.marked());
        return nowNs;
    }

    /// What comes in comes out, is discarded for a reason, or waits.
    @Seeded
    void losesCountOfNothing(RandomGenerator random) {
        int added = 0;
        int polled = 0;
        long nowNs = 0;
        for (int i = 0; i < 3_000; i++) {
            nowNs += random.nextLong(3 * MS);
            if (random.nextInt(100) < 55) {
                add(random.nextInt(8), 20 + random.nextInt(1_480), nowNs);
                added++;
            } else if (pollFlow(nowNs) >= 0) {
                polled++;
            }
            int discarded = 0;
            for (int flow = 0; flow < 8; flow++) {
                discarded += overflows[flow] + slowed[flow];
            }
            assertThat(added).isEqualTo(polled + discarded + queue.count());
            assertThat(packets.pool().capacity() - packets.pool().available()).isEqualTo(queue.count());
            assertThat(queue.count()).isLessThanOrEqualTo(MOST);
        }
    }

    @Test
    void passingPacketsOnAllocatesNothing() {
        Runnable work = () -> {
            for (int i = 0; i < 20_000; i++) {
                Packet packet = packets.pool().acquire();
                packet.length(100);
                packet.flow(i & 7);
                queue.add(packet, i * MS);
                if (queue.count() > 100) {
                    queue.poll(i * MS).release();
                }
            }
        };
        work.run();

        assertThat(AllocationMeter.bytesAllocatedBy(work)).isLessThan(1_000);
    }
}
