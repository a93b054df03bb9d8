package io.onebox.benchmarks;

import io.onebox.engine.wire.AckFlyweight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Cost of the largest control frame.
///
/// Budget: 50 ns to write, and 1 us to read with all 256 bits of its bitmap. An ACK comes every 10 to
/// 25 ms on each path.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AckFlyweightBenchmark {

    private static final int PATH_ID = 3;
    private static final int RECEIVER_INDEX = 0x1234_5678;
    private static final int WORDS = AckFlyweight.BITMAP_BITS / Long.SIZE;

    private final MemorySegment memory = Arena.ofAuto().allocate(AckFlyweight.LENGTH);
    private final AckFlyweight ack = new AckFlyweight();
    private long largest = AckFlyweight.BITMAP_BITS;

    /// Writes a whole frame.
    @Benchmark
    public MemorySegment write() {
        ack.wrap(memory, 0)
                .start(PATH_ID, RECEIVER_INDEX, ++largest)
                .times(100, 200, 300)
                .totals(400, 500_000);
        for (int word = 0; word < WORDS; word++) {
            ack.bitmap(word, largest * word);
        }
        return memory;
    }

    /// Reads which of the last 256 messages arrived.
    @Benchmark
    public int read() {
        ack.wrap(memory, 0);
        long newest = ack.largest();
        int arrived = 0;
        for (int i = 0; i < AckFlyweight.BITMAP_BITS; i++) {
            if (ack.arrived(newest - i)) {
                arrived++;
            }
        }
        return arrived;
    }
}
