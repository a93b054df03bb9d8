package io.onebox.benchmarks;

import io.onebox.engine.noise.HandshakeContext;
import io.onebox.engine.noise.JceAead;
import io.onebox.engine.noise.LocalIdentity;
import io.onebox.engine.noise.PeerIdentity;
import io.onebox.engine.noise.PresharedKey;
import io.onebox.engine.noise.PrivateKey;
import io.onebox.engine.path.IndexTable;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.Paths;
import io.onebox.engine.path.Shard;
import io.onebox.engine.schedule.EarliestArrivalScheduler;
import io.onebox.engine.schedule.Eligibility;
import io.onebox.engine.schedule.PullScheduler;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/// Cost of choosing a path: once for each packet of a sparse flow, once for each run of up to 44 packets of a bulk
/// flow.
///
/// Budget: 100 ns and 0 bytes a choice among four paths.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SchedulerBenchmark {

    private static final long NOW_NS = 1_000_000_000;
    private static final int RTT_NS = 20_000_000;
    private static final int LENGTH = 1_400;

    private final Paths all = new Paths();
    private final Eligibility eligibility = new Eligibility();
    private final EarliestArrivalScheduler earliest = new EarliestArrivalScheduler();
    private final PullScheduler pull = new PullScheduler(eligibility);
    private long nowNs = NOW_NS;

    /// How many paths there are.
    @Param({"1", "4", "16"})
    public int paths;

    /// Paths that were answered on, each 1 ms longer than the one before.
    @Setup
    public void connect() {
        var random = new Random(1);
        var local = new LocalIdentity(PrivateKey.generate(random));
        var peer = new PeerIdentity(local, PrivateKey.generate(random).publicKey(), PresharedKey.NONE);
        var context = new HandshakeContext(local, JceAead.factory(), random);
        var indices = new IndexTable(random, Shard.ONLY);
        for (int id = 0; id < paths; id++) {
            var path = new Path(id, 0, context, peer, indices);
            int oneWayMs = 10 + id;
            path.onProbeReply(RTT_NS, oneWayMs * 1_000, oneWayMs * 1_000_000L, NOW_NS);
            path.rate().learn(10_000_000, true);
            all.add(path);
        }
        eligibility.review(all, false, NOW_NS);
        if (bulk() == null || eligibility.openCount() != paths) {
            throw new IllegalStateException("not every path may be used");
        }
    }

    /// For a packet of a sparse flow.
    @Benchmark
    public @Nullable Path sparse() {
        return earliest.select(all, LENGTH, ++nowNs);
    }

    /// For a run of packets of a bulk flow.
    @Benchmark
    public @Nullable Path bulk() {
        return pull.select(all, LENGTH, ++nowNs);
    }
}
