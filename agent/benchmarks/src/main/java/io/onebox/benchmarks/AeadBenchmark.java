package io.onebox.benchmarks;

import io.onebox.agent.linux.AeadChoice;
import io.onebox.engine.noise.Aead;
import io.onebox.engine.noise.JceAead;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Cost of sealing and of opening one datagram.
///
/// Budget: 1500 ns at 1400 bytes on a CPU with AVX-512, which is 7 Gbit/s a core, and 0 bytes for libcrypto; the
/// JDK's may be 2.5 times slower without (3280 ns, measured 2026-11 with `-XX:UseAVX=2`).
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AeadBenchmark {

    private final MemorySegment plain = Arena.ofAuto().allocate(2048);
    private final MemorySegment sealed = Arena.ofAuto().allocate(2048);
    private Aead aead = JceAead.factory().create(new byte[Aead.KEY_LENGTH]);
    private long counter;

    /// Who does it: what the agent chooses here, which is libcrypto where it is installed, or the JDK.
    @Param({"chosen", "jdk"})
    public String implementation = "jdk";

    /// Bytes of the inner packet.
    @Param({"64", "1400"})
    public int length;

    @Setup
    public void choose() {
        if (implementation.equals("chosen")) {
            aead = AeadChoice.choose().factory().create(new byte[Aead.KEY_LENGTH]);
        }
    }

    /// Seals under a new counter each time, as a path does.
    @Benchmark
    public long seal() {
        aead.seal(++counter, plain, 0, length, sealed, 0);
        return counter;
    }

    /// Seals and opens; opening alone is the difference to [#seal].
    @Benchmark
    public boolean sealAndOpen() {
        aead.seal(++counter, plain, 0, length, sealed, 0);
        return aead.open(counter, sealed, 0, length + Aead.TAG_LENGTH, plain, 0);
    }
}
