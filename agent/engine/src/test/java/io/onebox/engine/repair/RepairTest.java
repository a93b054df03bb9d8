package io.onebox.engine.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.packet.InnerPackets;
import io.onebox.engine.packet.Packet;
import io.onebox.testing.Seeded;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// [SentPackets], [RepairQueue], and [InFlight] without acknowledgements.
class RepairTest implements InFlight.Fate {

    private final InnerPackets packets = new InnerPackets(300);
    private final SentPackets sent = new SentPackets(128);
    private final RepairQueue repairs = new RepairQueue();
    private final InFlight inFlight = new InFlight();

    private int lost;
    private long lostBytes;

    @Override
    public void acknowledged(long content, int bytes, long sentNs) {
        throw new AssertionError("nothing is acknowledged here");
    }

    @Override
    public void lost(long content, int bytes, long sentNs) {
        assertThat(content).as("in order").isEqualTo(lost);
        lost++;
        lostBytes += bytes;
    }

    @Test
    void aPacketIsWantedOnceItsLastCopyIsLost() {
        long sequence = sent.add(packets.blank(20));
        sent.onSent(sequence);
        sent.onSent(sequence);

        assertThat(sent.onLost(sequence)).as("the other copy may arrive").isFalse();
        assertThat(sent.onLost(sequence)).isTrue();
        sent.onAcknowledged(sequence);
        assertThat(sent.onLost(sequence)).as("it arrived").isFalse();
        assertThat(packets.allReturned()).isTrue();
    }

    /// Bounded: beyond the capacity the oldest is forgotten.
    @Seeded
    void doesWhatASortedMapWouldDo(RandomGenerator random) {
        TreeMap<Long, Packet> model = new TreeMap<>();
        for (int i = 0; i < 2_000; i++) {
            if (random.nextInt(5) < 3) {
                Packet packet = packets.blank(20);
                long sequence = sent.add(packet);
                model.headMap(sequence - 127).clear();
                model.put(sequence, packet);
            } else if (!model.isEmpty()) {
                long sequence = Math.max(0, sent.next() - 1 - random.nextLong(200));
                sent.onAcknowledged(sequence);
                model.remove(sequence);
            }
            long sequence = Math.max(0, sent.next() - random.nextLong(200));
            assertThat(sent.get(sequence)).isSameAs(model.get(sequence));
            assertThat(sent.held()).isEqualTo(model.size());
            assertThat(packets.pool().capacity() - packets.pool().available()).isEqualTo(model.size());
        }
        sent.clear();
        assertThat(packets.allReturned()).isTrue();
    }

    @Seeded(runs = 3)
    void repairsWaitInOrderAndTheOldestIsForgotten(RandomGenerator random) {
        Deque<Long> model = new ArrayDeque<>();
        for (int i = 0; i < 30_000; i++) {
            if (random.nextInt(5) < 4) {
                repairs.add(i);
                model.add((long) i);
                if (model.size() > 8_192) {
                    model.poll();
                }
            } else if (!model.isEmpty()) {
                assertThat(repairs.peek()).isEqualTo(model.peek());
                assertThat(repairs.poll()).isEqualTo(model.poll());
            }
            assertThat(repairs.isEmpty()).isEqualTo(model.isEmpty());
        }
    }

    @Test
    void whatIsInFlightGrowsAndThenForgetsTheOldest() {
        for (int i = 0; i < 20_000; i++) {
            inFlight.onSent(i, 100, i, this);
        }
        assertThat(lost).isEqualTo(20_000 - 16_384);
        assertThat(inFlight.oldestSentNs()).isEqualTo(lost);

        inFlight.loseAll(this);
        assertThat(lost).isEqualTo(20_000);
        assertThat(lostBytes).isEqualTo(2_000_000);
        assertThat(inFlight.isEmpty()).isTrue();
        assertThat(inFlight.bytesInFlight()).isZero();
        assertThat(inFlight.oldestSentNs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void messagesNobodyAcknowledgesAreNotInFlight() {
        for (int i = 0; i < 100_000; i++) {
            inFlight.onSentUnreliable(this);
        }

        assertThat(inFlight.isEmpty()).isTrue();
        assertThat(inFlight.next()).isEqualTo(100_000);
        assertThat(inFlight.sentNs(99_999)).isEqualTo(-1);
    }

    @Test
    void aFewOldMessagesAreGivenUpButNotMany() {
        for (int i = 0; i < 6; i++) {
            inFlight.onSent(i, 100, i, this);
        }

        assertThat(inFlight.loseFew(3, 4, this)).isFalse();
        assertThat(lost).isZero();
        assertThat(inFlight.loseFew(3, 3, this)).isTrue();
        assertThat(lost).isEqualTo(3);
        assertThat(inFlight.oldestSentNs()).isEqualTo(3);
        assertThat(inFlight.loseFew(3, 3, this)).isTrue();
        assertThat(lost).isEqualTo(3);
    }
}
