package io.onebox.engine.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.repair.InFlight;
import io.onebox.engine.wire.AckFlyweight;
import io.onebox.testing.Seeded;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// A sender's [InFlight] and a receiver's [AckCollector] over a path that loses and reorders messages and
/// loses ACKs, against what really happened.
class AckLoopTest implements InFlight.Fate {

    private static final long MS = 1_000_000;
    private static final int INDEX = 77;

    private final InFlight inFlight = new InFlight();
    private final AckCollector collector = new AckCollector();
    private final AckFlyweight ack = new AckFlyweight().wrap(MemorySegment.ofArray(new byte[AckFlyweight.LENGTH]), 0);

    private final Set<Long> arrived = new HashSet<>();
    private final Set<Long> acknowledged = new HashSet<>();
    private final Set<Long> lost = new HashSet<>();

    @Override
    public void acknowledged(long content, int bytes, long sentNs) {
        assertThat(arrived).as("what is acknowledged arrived").contains(content);
        assertThat(acknowledged.add(content) && !lost.contains(content))
                .as("one fate")
                .isTrue();
    }

    @Override
    public void lost(long content, int bytes, long sentNs) {
        assertThat(lost.add(content) && !acknowledged.contains(content))
                .as("one fate")
                .isTrue();
    }

    private void arrive(long counter, long nowNs) {
        arrived.add(counter);
        collector.onMessage(INDEX, counter, 100, nowNs);
        collector.onEliciting(false, 20 * MS, nowNs);
    }

    private void tell(long nowNs, long lostBeforeNs) {
        collector.write(ack, 0, nowNs);
        inFlight.onAck(ack, ack.largest(), 0, lostBeforeNs, this);
    }

    /// Reordering stays within the threshold of three (RFC 9002, section 6.1.1), so no message that
    /// arrives is taken for lost.
    @Seeded(runs = 100)
    void everyMessageHasItsTrueFate(RandomGenerator random) {
        int lossPercent = random.nextInt(30);
        long held = -1;
        long nowNs = 0;
        for (long counter = 0; counter < 3_000; counter++) {
            nowNs += random.nextLong(MS);
            inFlight.onSent(counter, 100, nowNs, this);
            if (random.nextInt(100) >= lossPercent) {
                if (held < 0 && random.nextInt(10) == 0) {
                    held = counter;
                } else {
                    arrive(counter, nowNs);
                }
            }
            if (held >= 0 && counter >= held + 1) {
                arrive(held, nowNs);
                held = -1;
            }
            if (collector.dueNs() <= nowNs) {
                boolean ackArrives = random.nextInt(10) > 0;
                if (ackArrives) {
                    tell(nowNs, Long.MIN_VALUE);
                } else {
                    collector.write(ack, 0, nowNs);
                }
            }
        }
        for (long counter = 3_000; counter < 3_004; counter++) {
            inFlight.onSent(counter, 100, nowNs, this);
            arrive(counter, nowNs);
        }
        tell(nowNs, Long.MIN_VALUE);

        assertThat(acknowledged).isEqualTo(arrived);
        assertThat(lost).hasSize(3_004 - arrived.size());
        assertThat(inFlight.isEmpty()).isTrue();
        assertThat(inFlight.bytesInFlight()).isZero();
    }

    @Seeded(runs = 20)
    void theBitmapTellsWhatArrivedLately(RandomGenerator random) {
        List<Long> order = new ArrayList<>();
        long counter = 0;
        for (int i = 0; i < 500; i++) {
            counter += 1 + random.nextInt(random.nextInt(20) == 0 ? 400 : 3);
            order.add(counter);
        }
        long largest = 0;
        for (int i = 0; i < order.size(); i++) {
            int other = Math.min(order.size() - 1, i + random.nextInt(10));
            long arriving = order.set(i, order.get(other));
            order.set(other, arriving);
            arrive(order.get(i), i);
            largest = Math.max(largest, order.get(i));
            collector.write(ack, 0, i);

            assertThat(ack.largest()).isEqualTo(largest);
            for (long below = Math.max(0, largest - 300); below <= largest; below++) {
                boolean told = below >= largest - 256 && arrived.contains(below);
                assertThat(ack.arrived(below)).isEqualTo(told);
            }
        }
    }

    /// An ACK before the third message behind a gap proves nothing, and one long after it makes the repair late.
    @Test
    void tellsOfAGapWhenItIsProvenOrSoonAfter() {
        arrive(0, 0);
        arrive(1, MS);
        collector.write(ack, 0, MS);

        arrive(3, 2 * MS);
        assertThat(collector.dueNs()).isBetween(3 * MS, 7 * MS);
        arrive(4, 3 * MS);
        assertThat(collector.dueNs()).isGreaterThan(3 * MS);
        arrive(5, 4 * MS);
        assertThat(collector.dueNs()).isEqualTo(4 * MS);
    }
}
