package io.onebox.benchmarks;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.reorder.ReorderBuffer;
import java.lang.foreign.Arena;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Cost of putting one packet in order, by how far packets overtake each other.
///
/// Budget: 100 ns and 0 bytes a packet at depth 16; one core then orders ten million packets a second,
/// and the reorder buffer is never what limits a tunnel.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReorderBufferBenchmark {

    private static final int BATCH = 1024;
    private static final long PATIENCE_NS = 50_000_000;

    private final PacketPool pool = new PacketPool(Arena.ofAuto(), BATCH);
    private final ReorderBuffer buffer = new ReorderBuffer(BATCH, Packet::release);
    private long base;

    /// Packets arrive in blocks of this size, the first of each block last.
    @Param({"1", "16", "256"})
    public int depth;

    /// Offers a batch and lets go of what is in order after each packet.
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int offerAndRelease() {
        for (int block = 0; block < BATCH; block += depth) {
            for (int i = 1; i <= depth; i++) {
                Packet packet = Objects.requireNonNull(pool.acquire());
                packet.dataSequence(base + block + i % depth);
                packet.timeNs(base);
                buffer.offer(packet);
                buffer.release(PATIENCE_NS, base);
            }
        }
        base += BATCH;
        return buffer.heldCount();
    }
}
