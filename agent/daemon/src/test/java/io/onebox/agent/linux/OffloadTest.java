package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.dataplane.DeviceCounters;
import io.onebox.agent.dataplane.DeviceDrop;
import io.onebox.agent.dataplane.PacketHandler;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.testing.AllocationMeter;
import io.onebox.testing.Seeded;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// [Coalescer] and [Segmenter] against each other and against [InnerFlow], which knows nothing of either: what is
/// joined and cut again is what was sent.
class OffloadTest {

    private static final int POOL = 2_048;
    private static final int MTU_PAYLOAD = 1_360;

    private final PacketPool pool = new PacketPool(Arena.ofAuto(), POOL);
    private final DeviceCounters counters = new DeviceCounters();
    private final Segmenter segmenter = new Segmenter(Arena.ofAuto(), counters);
    private final List<byte[]> cut = new ArrayList<>();
    private final List<Integer> runs = new ArrayList<>();
    private final Coalescer coalescer = new Coalescer(Arena.ofAuto(), true, this::cutAgain);

    @AfterEach
    void everyPacketIsBackInThePool() {
        coalescer.clear();
        assertThat(pool.available()).isEqualTo(POOL);
    }

    @Seeded(runs = 300)
    void givesBackWhatWasSent(RandomGenerator random) {
        List<InnerFlow> flows = new ArrayList<>();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            flows.add(new InnerFlow(random, i));
        }
        List<byte[]> sent = new ArrayList<>();
        for (int i = random.nextInt(1, 400); i > 0; i--) {
            InnerFlow flow = flows.get(random.nextInt(flows.size()));
            for (int burst = random.nextInt(1, 60); burst > 0 && sent.size() < 1_000; burst--) {
                byte[] packet = flow.next();
                sent.add(packet);
                coalescer.add(packet(packet, flow.leavesChecksum()));
            }
            if (random.nextInt(10) == 0) {
                coalescer.flush();
            }
        }
        coalescer.flush();

        assertThat(cut).hasSameSizeAs(sent);
        for (InnerFlow flow : flows) {
            assertThat(of(flow, cut)).containsExactlyElementsOf(of(flow, sent));
        }
        assertThat(cut)
                .allSatisfy(packet -> assertThat(InnerFlow.isRight(packet)).isTrue());
    }

    @Seeded(runs = 300)
    void survivesAnyBytesFromTheKernel(RandomGenerator random) {
        byte[] bytes = new byte[random.nextInt(3_000)];
        random.nextBytes(bytes);
        MemorySegment.copy(bytes, 0, segmenter.buffer(), JAVA_BYTE, 0, bytes.length);
        if (random.nextBoolean()) {
            segmenter.buffer().set(JAVA_BYTE, 1, (byte) (random.nextBoolean() ? 1 : 5));
            segmenter.buffer().set(JAVA_BYTE, 7, (byte) 0);
            segmenter.buffer().set(JAVA_BYTE, 9, (byte) 0);
            segmenter.buffer().set(JAVA_BYTE, 0, (byte) 1);
        }

        segmenter.split(bytes.length, pool, (packet, _) -> packet.release(), 0);
    }

    @Seeded(runs = 300)
    void survivesAnyBytesFromAPeer(RandomGenerator random) {
        var flow = new InnerFlow(random, 1);
        for (int i = 0; i < 50; i++) {
            byte[] bytes = flow.next();
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                bytes[random.nextInt(Math.min(60, bytes.length))] = (byte) random.nextInt();
            }
            coalescer.add(packet(bytes, random.nextBoolean()));
        }
        coalescer.flush();
    }

    @Test
    void joinsABulkFlowIntoFullRuns() {
        var flow = InnerFlow.bulk(true);
        for (int i = 0; i < 94; i++) {
            coalescer.add(packet(flow.data(MTU_PAYLOAD), true));
        }
        coalescer.flush();

        assertThat(runs).containsExactly(48, 46);
    }

    @Test
    void hidesNoFaultFromBeforeTheTunnel() {
        var flow = InnerFlow.bulk(true);
        byte[] first = flow.data(MTU_PAYLOAD);
        byte[] faulty = flow.data(MTU_PAYLOAD);
        faulty[100] ^= 1;
        coalescer.add(packet(first, false));
        coalescer.add(packet(faulty, false));
        coalescer.add(packet(flow.data(MTU_PAYLOAD), false));
        coalescer.flush();

        assertThat(runs).containsExactly(1, 1, 1);
        assertThat(cut.get(1)).isEqualTo(faulty);
    }

    @Test
    void keepsAcknowledgementsBehindTheDataBeforeThem() {
        var flow = InnerFlow.bulk(true);
        byte[] data = flow.data(MTU_PAYLOAD);
        byte[] pure = flow.data(0);
        byte[] more = flow.data(MTU_PAYLOAD);
        coalescer.add(packet(data, false));
        coalescer.add(packet(pure, false));
        coalescer.add(packet(more, false));
        coalescer.flush();

        assertThat(cut).containsExactly(data, pure, more);
    }

    @Test
    void countsWhatThePoolHasNoRoomFor() {
        var flow = InnerFlow.bulk(true);
        for (int i = 0; i < 10; i++) {
            coalescer.add(packet(flow.data(MTU_PAYLOAD), true));
        }
        List<Packet> hoard = new ArrayList<>();
        while (pool.available() > 0) {
            hoard.add(Objects.requireNonNull(pool.acquire()));
        }
        coalescer.flush();

        assertThat(cut).isEmpty();
        assertThat(counters.dropped(DeviceDrop.POOL_EMPTY)).isEqualTo(10);
        hoard.forEach(Packet::release);
    }

    @Test
    void joinsWithoutAllocating() {
        byte[][] packets = new byte[64][];
        var flow = InnerFlow.bulk(true);
        for (int i = 0; i < packets.length; i++) {
            packets[i] = flow.data(MTU_PAYLOAD);
        }
        long[] written = new long[1];
        var joining = new Coalescer(Arena.ofAuto(), true, (vector, count) -> written[0] += vector.count() - 1 - count);
        Runnable work = () -> {
            for (int round = 0; round < 300; round++) {
                for (byte[] bytes : packets) {
                    joining.add(packet(bytes, false));
                }
                joining.flush();
            }
        };
        work.run();

        assertThat(AllocationMeter.bytesAllocatedBy(work))
                .as("bytes for 19,200 packets")
                .isLessThan(1_000);
        assertThat(written[0]).isZero();
    }

    @Test
    void cutsWithoutAllocating() {
        var flow = InnerFlow.bulk(false);
        for (int i = 0; i < 40; i++) {
            coalescer.add(packet(flow.data(MTU_PAYLOAD), true));
        }
        coalescer.flush();
        int length = VirtioHeader.LENGTH + 60 + 40 * MTU_PAYLOAD;
        PacketHandler release = (packet, _) -> packet.release();
        Runnable work = () -> {
            for (int round = 0; round < 500; round++) {
                segmenter.split(length, pool, release, 0);
            }
        };
        work.run();
        long before = counters.snapshot("tun").received();

        assertThat(AllocationMeter.bytesAllocatedBy(work))
                .as("bytes for 20,000 packets")
                .isLessThan(1_000);
        assertThat(counters.snapshot("tun").received() - before).isEqualTo(20_000);
    }

    private void cutAgain(IoVector vector, int packets) {
        runs.add(packets);
        segmenter.split(gather(vector), pool, (packet, _) -> cut.add(finished(packet)), 0);
    }

    /// What the kernel would see.
    private int gather(IoVector vector) {
        int at = 0;
        for (int i = 0; i < vector.count(); i++) {
            MemorySegment piece = MemorySegment.ofAddress(vector.base(i)).reinterpret(vector.length(i));
            MemorySegment.copy(piece, 0, segmenter.buffer(), at, vector.length(i));
            at += (int) vector.length(i);
        }
        return at;
    }

    private Packet packet(byte[] bytes, boolean leavesChecksum) {
        Packet packet = Objects.requireNonNull(pool.acquire());
        packet.length(bytes.length);
        MemorySegment.copy(bytes, 0, packet.segment(), JAVA_BYTE, packet.offset(), bytes.length);
        if (leavesChecksum) {
            InnerFlow.leaveChecksum(packet);
        }
        return packet;
    }

    /// The packet as it would be on a wire.
    private static byte[] finished(Packet packet) {
        InnerFlow.finishChecksum(packet);
        byte[] bytes =
                packet.segment().asSlice(packet.offset(), packet.length()).toArray(JAVA_BYTE);
        packet.release();
        return bytes;
    }

    private static List<String> of(InnerFlow flow, List<byte[]> packets) {
        return packets.stream()
                .filter(flow::owns)
                .map(HexFormat.of()::formatHex)
                .toList();
    }
}
