package io.onebox.engine.packet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.testing.AllocationMeter;
import io.onebox.testing.Seeded;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PacketPoolTest {

    private final PacketPool pool = new PacketPool(Arena.ofAuto(), 4);

    @Test
    void givesOutEachPacketOnce() {
        assertThat(List.of(pool.acquire(), pool.acquire(), pool.acquire(), pool.acquire()))
                .doesNotHaveDuplicates()
                .extracting(Packet::address)
                .doesNotHaveDuplicates();
        assertThat(pool.acquire()).isNull();
        assertThat(pool.available()).isZero();
    }

    @Test
    void givesOutFirstWhatCameBackLast() {
        Packet first = pool.acquire();
        Packet second = pool.acquire();
        first.release();
        second.release();

        assertThat(pool.acquire()).isSameAs(second);
    }

    @Test
    void aPacketComesBackEmpty() {
        Packet packet = pool.acquire();
        packet.length(100);
        packet.link(3);
        packet.remote(1, 2, 3);
        packet.local(4, 5);
        packet.flags(6);
        packet.flow(7);
        packet.dataSequence(8);
        packet.timeNs(9);
        packet.release();

        Packet again = pool.acquire();

        assertThat(again).isSameAs(packet);
        assertThat(again.offset()).isEqualTo(Packet.HEADROOM);
        assertThat(again.length()).isZero();
        assertThat(again.link()).isEqualTo(Packet.NO_LINK);
        assertThat(List.of(again.remoteHigh(), again.remoteLow(), again.localHigh(), again.localLow()))
                .containsOnly(0L);
        assertThat(List.of(again.dataSequence(), again.timeNs())).containsOnly(0L);
        assertThat(List.of(again.remotePort(), again.flags(), again.flow())).containsOnly(0);
    }

    @Test
    void noticesAPacketReleasedTwice() {
        Packet packet = pool.acquire();
        packet.release();

        assertThatThrownBy(packet::release).isInstanceOf(AssertionError.class).hasMessage("released twice");
    }

    @Test
    void refusesToBeEmpty() {
        assertThatThrownBy(() -> new PacketPool(Arena.ofAuto(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }

    @Test
    void contentGrowsAndShrinksInFront() {
        Packet packet = pool.acquire();
        packet.length(100);

        packet.prepend(8);
        assertThat(packet.offset()).isEqualTo(Packet.HEADROOM - 8);
        assertThat(packet.length()).isEqualTo(108);

        packet.strip(20);
        assertThat(packet.offset()).isEqualTo(Packet.HEADROOM + 12);
        assertThat(packet.length()).isEqualTo(88);
        assertThat(packet.tailroom()).isEqualTo(Packet.CAPACITY - Packet.HEADROOM - 100);
    }

    @Test
    void contentStaysWithinItsMemory() {
        Packet packet = pool.acquire();

        assertThatThrownBy(() -> packet.prepend(Packet.HEADROOM + 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> packet.length(Packet.CAPACITY)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> packet.strip(1)).isInstanceOf(AssertionError.class);
    }

    @Seeded
    void aCopyIsEqualInEverythingThatTravels(RandomGenerator random) {
        Packet source = pool.acquire();
        source.content(random.nextInt(500), random.nextInt(1, 1_500));
        for (int i = 0; i < source.length(); i++) {
            source.segment().set(JAVA_BYTE, source.offset() + i, (byte) random.nextInt());
        }
        source.link(random.nextInt(256));
        source.remote(random.nextLong(), random.nextLong(), random.nextInt(65_536));
        source.local(random.nextLong(), random.nextLong());
        source.dataSequence(random.nextLong());
        source.timeNs(random.nextLong());
        source.flags(random.nextInt());
        source.flow(random.nextInt());
        Packet copy = pool.acquire();

        copy.copyFrom(source);

        assertThat(copy)
                .usingRecursiveComparison()
                .comparingOnlyFields(
                        "offset",
                        "length",
                        "link",
                        "remoteHigh",
                        "remoteLow",
                        "remotePort",
                        "localHigh",
                        "localLow",
                        "dataSequence",
                        "timeNs",
                        "flags",
                        "flow")
                .isEqualTo(source);
        assertThat(copy.segment()
                        .asSlice(copy.offset(), copy.length())
                        .mismatch(source.segment().asSlice(source.offset(), source.length())))
                .isEqualTo(-1);
    }

    /// Whatever the order of takes and returns, no packet has two owners and none is lost.
    @Seeded
    void neverGivesAPacketToTwo(RandomGenerator random) {
        List<Packet> taken = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            if (random.nextBoolean()) {
                Packet packet = pool.acquire();
                assertThat(packet == null).isEqualTo(taken.size() == pool.capacity());
                if (packet != null) {
                    assertThat(taken).doesNotContain(packet);
                    taken.add(packet);
                }
            } else if (!taken.isEmpty()) {
                taken.remove(random.nextInt(taken.size())).release();
            }
            assertThat(pool.available()).isEqualTo(pool.capacity() - taken.size());
        }
    }

    @Test
    void takingAndReturningAllocatesNothing() {
        Runnable work = () -> {
            for (int i = 0; i < 100_000; i++) {
                pool.acquire().release();
            }
        };
        work.run();

        assertThat(AllocationMeter.bytesAllocatedBy(work)).isLessThan(1_000);
    }
}
