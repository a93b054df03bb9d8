package io.onebox.engine.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.testing.Seeded;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PacketQueueTest {

    private final InnerPackets packets = new InnerPackets(32);
    private final PacketQueue queue = new PacketQueue();

    @Test
    void anEmptyQueueHasNothingToGive() {
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.peek()).isNull();
        assertThat(queue.poll()).isNull();
    }

    @Test
    void refusesAPacketThatWaitsInFrontOfAnother() {
        Packet packet = packets.blank(10);
        queue.add(packet);
        queue.add(packets.blank(10));

        assertThatThrownBy(() -> new PacketQueue().add(packet)).isInstanceOf(AssertionError.class);
    }

    @Test
    void clearingGivesEveryPacketBack() {
        for (int i = 0; i < 10; i++) {
            queue.add(packets.blank(i));
        }

        queue.clear();

        assertThat(packets.allReturned()).isTrue();
        assertThat(queue.count()).isZero();
        assertThat(queue.bytes()).isZero();
    }

    @Seeded
    void doesWhatADequeWouldDo(RandomGenerator random) {
        Deque<Packet> model = new ArrayDeque<>();
        for (int i = 0; i < 500; i++) {
            if (random.nextBoolean() && model.size() < 32) {
                Packet packet = packets.blank(random.nextInt(1_500));
                queue.add(packet);
                model.add(packet);
            } else {
                assertThat(queue.poll()).isSameAs(model.peek());
                Packet polled = model.poll();
                if (polled != null) {
                    polled.release();
                }
            }
            assertThat(queue.peek()).isSameAs(model.peek());
            assertThat(queue.isEmpty()).isEqualTo(model.isEmpty());
            assertThat(queue.count()).isEqualTo(model.size());
            assertThat(queue.bytes())
                    .isEqualTo(model.stream().mapToLong(Packet::length).sum());
        }
    }
}
