package io.onebox.agent.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NeighboursTest {

    private static final int MANY = 100_000;

    private final List<Neighbours> shards = Neighbours.of(2, Arena::ofShared);
    private final PacketPool pool = new PacketPool(Arena.ofShared(), 4);

    @Test
    void aFullRingRefusesAndForgetsNothing() {
        for (int i = 0; i < HandOverRing.CAPACITY; i++) {
            assertThat(offer(i)).isTrue();
        }
        assertThat(offer(-1)).isFalse();

        List<Integer> seen = new ArrayList<>();
        shards.get(1).receive((_, packet, _) -> seen.add(number(packet)), 0, 100);
        assertThat(seen).hasSize(100).startsWith(0, 1, 2).endsWith(99);
        assertThat(offer(HandOverRing.CAPACITY)).isTrue();
        shards.get(1).receive((_, packet, _) -> seen.add(number(packet)), 0, HandOverRing.CAPACITY);
        assertThat(seen).hasSize(HandOverRing.CAPACITY + 1).endsWith(HandOverRing.CAPACITY);
    }

    @Test
    void theBellRingsOnceForABatchAndAgainForTheRest() {
        var rung = new Semaphore(0);
        shards.get(1).onBell(rung::release);

        offer(1);
        offer(2);
        shards.get(0).ring();
        shards.get(0).ring();
        assertThat(rung.drainPermits()).isEqualTo(1);

        shards.get(1).receive((_, _, _) -> {}, 0, 1);
        assertThat(rung.drainPermits()).as("one is left").isEqualTo(1);
        shards.get(1).receive((_, _, _) -> {}, 0, 1);
        assertThat(rung.drainPermits()).isZero();
    }

    /// Two threads: every packet comes once, whole and in order, and no wake-up is lost.
    @Test
    @Timeout(60)
    void carriesBetweenThreads() throws InterruptedException {
        var rung = new Semaphore(0);
        shards.get(1).onBell(rung::release);
        var seen = new ArrayList<Integer>(MANY);
        Thread reader = Thread.ofPlatform().start(() -> {
            while (seen.size() < MANY) {
                rung.acquireUninterruptibly();
                shards.get(1).receive((_, packet, _) -> seen.add(number(packet)), 0, 64);
            }
        });

        for (int i = 0; i < MANY; i++) {
            while (!offer(i)) {
                shards.get(0).ring();
                Thread.onSpinWait();
            }
            if (i % 7 == 0) {
                shards.get(0).ring();
            }
        }
        shards.get(0).ring();
        reader.join();

        for (int i = 0; i < MANY; i++) {
            assertThat(seen.get(i)).isEqualTo(i);
        }
    }

    private boolean offer(int number) {
        Packet packet = Objects.requireNonNull(pool.acquire());
        packet.length(Integer.BYTES);
        packet.segment().set(ValueLayout.JAVA_INT, packet.offset(), number);
        boolean taken = shards.get(0).offer(1, true, packet);
        packet.release();
        return taken;
    }

    private static int number(Packet packet) {
        assertThat(packet.length()).isEqualTo(Integer.BYTES);
        return packet.segment().get(ValueLayout.JAVA_INT, packet.offset());
    }
}
