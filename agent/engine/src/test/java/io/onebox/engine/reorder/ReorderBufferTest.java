package io.onebox.engine.reorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.engine.packet.InnerPackets;
import io.onebox.engine.packet.Packet;
import io.onebox.testing.Seeded;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReorderBufferTest {

    private static final long PATIENCE_NS = 1_000;
    private static final int CAPACITY = 256;

    private final InnerPackets packets = new InnerPackets(600);
    private final List<Long> delivered = new ArrayList<>();
    private final ReorderBuffer buffer = new ReorderBuffer(CAPACITY, this::take);

    private void take(Packet packet) {
        delivered.add(packet.dataSequence());
        packet.release();
    }

    private boolean offer(long sequence, long dueNs) {
        Packet packet = packets.blank(20);
        packet.dataSequence(sequence);
        packet.timeNs(dueNs);
        return buffer.offer(packet);
    }

    @Test
    void expectsWhateverComesFirst() {
        offer(1_000_000, 0);
        buffer.release(PATIENCE_NS, 0);

        assertThat(delivered).containsExactly(1_000_000L);
        assertThat(buffer.next()).isEqualTo(1_000_001);
    }

    @Test
    void holdsWhatOvertookUntilTheGapIsFilled() {
        offer(0, 0);
        offer(2, 0);
        offer(3, 0);
        assertThat(buffer.release(PATIENCE_NS, 0)).isEqualTo(PATIENCE_NS);
        assertThat(delivered).containsExactly(0L);
        assertThat(buffer.hasGap()).isTrue();

        offer(1, 0);
        assertThat(buffer.release(PATIENCE_NS, 0)).isEqualTo(ReorderBuffer.NO_DEADLINE);
        assertThat(delivered).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void holdsUntilDue() {
        offer(0, 50);

        assertThat(buffer.release(PATIENCE_NS, 49)).isEqualTo(50);
        assertThat(delivered).isEmpty();
        buffer.release(PATIENCE_NS, 50);
        assertThat(delivered).containsExactly(0L);
    }

    @Test
    void givesUpOnWhatIsMissingWhenPatienceEnds() {
        offer(0, 0);
        offer(2, 10);
        buffer.release(PATIENCE_NS, 10 + PATIENCE_NS - 1);
        assertThat(delivered).containsExactly(0L);

        buffer.release(PATIENCE_NS, 10 + PATIENCE_NS);
        assertThat(delivered).containsExactly(0L, 2L);
        assertThat(offer(1, 0)).as("late").isTrue();
        assertThat(delivered).containsExactly(0L, 2L, 1L);
    }

    @Test
    void theOldestGoesOutWhenFull() {
        offer(0, 0);
        buffer.release(PATIENCE_NS, 0);
        for (int sequence = 2; sequence <= CAPACITY; sequence++) {
            offer(sequence, 0);
        }
        assertThat(delivered).containsExactly(0L);

        offer(CAPACITY + 2, 0);
        assertThat(delivered).containsExactly(0L, 2L);
        offer(10 * CAPACITY, 0);

        assertThat(delivered).hasSize(CAPACITY + 1).isSorted();
        assertThat(buffer.heldCount()).isEqualTo(1);
    }

    @Test
    void aRestartDeliversEverythingAndExpectsAnything() {
        offer(100, 0);
        offer(102, 500);

        buffer.restart();
        offer(5, 0);
        buffer.release(PATIENCE_NS, 0);

        assertThat(delivered).containsExactly(100L, 102L, 5L);
    }

    @Test
    void refusesACapacityItCannotMask() {
        assertThatThrownBy(() -> new ReorderBuffer(100, _ -> {})).hasMessageContaining("100");
    }

    @Seeded(runs = 300)
    void restoresAnyOrderWithinItsCapacity(RandomGenerator random) {
        offer(0, 0);
        List<Long> sequences =
                new ArrayList<>(LongStream.range(1, CAPACITY).boxed().toList());
        Collections.shuffle(sequences, Random.from(random));

        for (long sequence : sequences) {
            offer(sequence, 0);
            buffer.release(PATIENCE_NS, 0);
        }

        assertThat(delivered).isEqualTo(LongStream.range(0, CAPACITY).boxed().toList());
    }

    /// With loss, delay and whatever the buffer cannot hold: each packet once, in order unless late.
    @Seeded(runs = 300)
    void deliversEachPacketOnceAndInOrderUnlessLate(RandomGenerator random) {
        List<Long> sequences = new ArrayList<>();
        for (long sequence = 1; sequence < 500; sequence++) {
            if (random.nextInt(20) > 0) {
                sequences.add(sequence);
            }
        }
        shuffleNearby(sequences, random);
        List<Long> late = new ArrayList<>();
        offer(0, 0);
        long nowNs = 0;

        for (long sequence : sequences) {
            nowNs += random.nextLong(PATIENCE_NS / 4);
            if (offer(sequence, nowNs + random.nextLong(PATIENCE_NS))) {
                late.add(sequence);
            }
            buffer.release(PATIENCE_NS, nowNs);
        }
        buffer.release(PATIENCE_NS, nowNs + 10 * PATIENCE_NS);

        assertThat(delivered).doesNotHaveDuplicates().hasSize(sequences.size() + 1);
        delivered.removeAll(late);
        assertThat(delivered).isSorted();
        assertThat(buffer.heldCount()).isZero();
        assertThat(packets.allReturned()).isTrue();
    }

    /// A later gap must not make the packets behind an earlier one wait longer.
    @Test
    void boundsTheWaitOfEachPacketNotOfEachGap() {
        offer(0, 0);
        buffer.release(PATIENCE_NS, 0);
        offer(5, 0);
        offer(2, PATIENCE_NS - 1);

        buffer.release(PATIENCE_NS, PATIENCE_NS);

        assertThat(delivered).containsExactly(0L, 2L, 5L);
    }

    private static void shuffleNearby(List<Long> sequences, RandomGenerator random) {
        for (int i = 0; i < sequences.size(); i++) {
            Collections.swap(sequences, i, Math.min(sequences.size() - 1, i + random.nextInt(1 + random.nextInt(40))));
        }
    }
}
