package io.onebox.benchmarks;

import io.onebox.engine.wire.ControlFrame.Probe;
import io.onebox.engine.wire.ControlFrameCodec;
import io.onebox.engine.wire.DataFlyweight;
import io.onebox.engine.wire.Decoded;
import io.onebox.engine.wire.TransportFlyweight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

/// Cost of the two headers in front of every inner packet, and of a control frame, which is a value and comes ten times
/// a
/// second on each path.
///
/// Budget: 20 ns and 0 bytes for the headers of a packet, written and read; 200 ns and 200 bytes for a probe.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FrameCodecBenchmark {

    private static final int RECEIVER_INDEX = 0x1234_5678;

    private final MemorySegment memory = Arena.ofAuto().allocate(64);
    private final TransportFlyweight transport = new TransportFlyweight();
    private final DataFlyweight data = new DataFlyweight();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64).order(ByteOrder.LITTLE_ENDIAN);
    private int sequence;

    /// Writes both headers of an inner packet and reads them.
    @Benchmark
    public long headers() {
        sequence++;
        transport.wrap(memory, 0).start(RECEIVER_INDEX, sequence);
        data.wrap(memory, TransportFlyweight.HEADER_LENGTH).write(0, sequence, sequence);
        transport.wrap(memory, 0);
        data.wrap(memory, TransportFlyweight.HEADER_LENGTH);
        return transport.receiverIndex() + transport.counter() + data.flags() + data.sendTime() + data.dataSequence();
    }

    /// Writes a probe and reads it.
    @Benchmark
    public Decoded probe() {
        buffer.clear();
        ControlFrameCodec.encode(new Probe(++sequence, 1, 2, true, false, 0), buffer);
        buffer.flip();
        byte type = buffer.get();
        buffer.position(ControlFrameCodec.HEADER_LENGTH);
        return ControlFrameCodec.decode(type, buffer);
    }
}
