package io.onebox.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.onebox.agent.dataplane.DeviceCounters;
import io.onebox.agent.dataplane.PacketHandler;
import io.onebox.agent.linux.Coalescer;
import io.onebox.agent.linux.IoVector;
import io.onebox.agent.linux.Segmenter;
import io.onebox.engine.packet.PacketPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Cost of cutting 64 KiB of a TCP flow into packets, and of joining packets again, per packet of 1400 bytes and
/// without system calls.
///
/// Budget: 150 ns and 0 bytes per packet each way, a tenth of what sealing costs.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TunOffloadBenchmark {

    private static final int SEGMENTS = 46;
    private static final int SEGMENT_BYTES = 1_360;
    private static final int HEADERS = 40;
    private static final int VIRTIO = 10;

    private static final ValueLayout.OfShort SHORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final PacketPool pool = new PacketPool(Arena.ofAuto(), 1_024);
    private final Segmenter segmenter = new Segmenter(Arena.ofAuto(), new DeviceCounters());
    private final Coalescer coalescer = new Coalescer(Arena.ofAuto(), true, this::written);
    private final PacketHandler release = (packet, _) -> packet.release();
    private final PacketHandler join = (packet, _) -> coalescer.add(packet);
    private final int length = VIRTIO + HEADERS + SEGMENTS * SEGMENT_BYTES;
    private long pieces;

    /// Writes what a kernel would bring.
    public TunOffloadBenchmark() {
        MemorySegment buffer = segmenter.buffer();
        buffer.set(JAVA_BYTE, 0, (byte) 1);
        buffer.set(JAVA_BYTE, 1, (byte) 1);
        buffer.set(JAVA_SHORT_UNALIGNED, 4, (short) SEGMENT_BYTES);
        buffer.set(JAVA_SHORT_UNALIGNED, 6, (short) 20);
        buffer.set(JAVA_SHORT_UNALIGNED, 8, (short) 16);
        buffer.set(JAVA_BYTE, VIRTIO, (byte) 0x45);
        buffer.set(SHORT, VIRTIO + 2, (short) (length - VIRTIO));
        buffer.set(SHORT, VIRTIO + 6, (short) 0x4000);
        buffer.set(JAVA_BYTE, VIRTIO + 9, (byte) 6);
        buffer.set(JAVA_BYTE, VIRTIO + 32, (byte) 0x50);
        buffer.set(JAVA_BYTE, VIRTIO + 33, (byte) 0x10);
    }

    /// Cuts only.
    @Benchmark
    @OperationsPerInvocation(SEGMENTS)
    public int cut() {
        return segmenter.split(length, pool, release, 0);
    }

    /// Cuts and joins again; joining alone is the difference to [#cut].
    @Benchmark
    @OperationsPerInvocation(SEGMENTS)
    public long cutAndJoin() {
        segmenter.split(length, pool, join, 0);
        coalescer.flush();
        return pieces;
    }

    private void written(IoVector vector, int packets) {
        pieces += vector.count();
    }
}
