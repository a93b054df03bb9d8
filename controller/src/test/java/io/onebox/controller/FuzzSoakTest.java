package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.internal.PlatformDependent;
import io.onebox.controller.auth.Role;
import io.onebox.controller.store.AuditLog;
import io.onebox.shared.identity.SigningKey;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// What a stream of spoiled frames and bodies, over TLS, leaves behind in the controller: nothing.
/// `-Donebox.pieces=1000000` is as many as we promise.
@Tag("long")
class FuzzSoakTest {

    private static final int PIECES = Integer.getInteger("onebox.pieces", 20_000);
    private static final int SENDERS = 4;
    private static final int ROUND = 250;
    private static final int FRAMES_OF_A_SOCKET = 100;

    /// Caches fill, the compiler works, pools grow, before one may compare.
    private static final double WARM_UP = 0.4;

    private static final long MIB = 1L << 20;

    private static final Logger LEAK_LOG = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);

    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    private final ListAppender<ILoggingEvent> leaks = new ListAppender<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private RunningController controller;
    private String cookie;

    @BeforeEach
    void start(@TempDir Path directory) {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        leaks.start();
        LEAK_LOG.addAppender(leaks);
        controller = new RunningController(directory);
        cookie = controller.login(Role.OWNER);
    }

    @AfterEach
    void stop() {
        controller.close();
        LEAK_LOG.detachAppender(leaks);
        ResourceLeakDetector.setLevel(level);
    }

    /// What a leak would make grow.
    private record Held(long heap, long direct, long files, int threads) {

        static Held now() throws InterruptedException {
            long heap = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                System.gc();
                var usage = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
                heap = Math.min(heap, usage.getUsed());
            }
            long direct = PlatformDependent.usedDirectMemory();
            var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return new Held(
                    heap,
                    direct,
                    system.getOpenFileDescriptorCount(),
                    ManagementFactory.getThreadMXBean().getThreadCount());
        }

        @Override
        public String toString() {
            return "%.1f MiB of heap, %.1f MiB direct, %d files, %d threads"
                    .formatted((double) heap / MIB, (double) direct / MIB, files, threads);
        }
    }

    @Test
    void nothingIsLeftOfWhatWasRefused() throws Exception {
        var senders = new ArrayList<Sender>();
        for (int i = 0; i < SENDERS; i++) {
            senders.add(new Sender(i));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(SENDERS)) {
            sendUntil((int) (PIECES * WARM_UP), senders, threads);
            Held early = Held.now();
            sendUntil(PIECES, senders, threads);
            Held late = Held.now();

            System.out.printf(
                    "[measured] %d pieces, %d answers that refuse; at 40 %%: %s; at the end: %s%n",
                    sent.get(), refused.get(), early, late);
            assertThat(leaks.list).as("buffers that Netty saw lost").isEmpty();
            assertThat(late.heap() - early.heap()).as("heap").isLessThan(4 * MIB);
            assertThat(late.direct() - early.direct()).as("direct memory").isLessThan(4 * MIB);
            assertThat(late.files() - early.files()).as("open files").isLessThan(20);
            assertThat(late.threads() - early.threads()).as("threads").isLessThan(20);
        }
        assertThat(controller.ask("GET", "/health/ready", "").status()).isEqualTo(200);
        assertThat(AuditLog.isWhole(controller.controller().database())).isTrue();
        assertThat(controller.metrics()).contains("onebox_controller_agents_refused_total{code=\"malformed\"}");
    }

    private void sendUntil(int pieces, List<Sender> senders, ExecutorService threads)
            throws InterruptedException, ExecutionException {
        while (sent.get() < pieces) {
            for (Future<?> each : threads.invokeAll(senders.stream()
                    .map(sender -> Executors.callable(sender::round))
                    .toList())) {
                each.get();
            }
        }
    }

    /// An agent, a console and a program that are out of their minds, one after the other.
    private final class Sender {
        private final SigningKey key = SigningKey.generate(new SecureRandom());
        private final Fuzzer fuzzer;
        private final String id;

        Sender(int number) {
            fuzzer = new Fuzzer(controller, cookie, new Random(number));
            id = VirtualAgent.enrol(controller, cookie, "{\"role\":\"client\"}", key, "fuzz" + number);
        }

        void round() {
            try (SocketClient socket = VirtualAgent.connect(controller, key, id)) {
                sent.addAndGet(fuzzer.say(socket, Corpus.FRAMES, FRAMES_OF_A_SOCKET));
            }
            try (SocketClient socket = controller.connect("/api/v1/stream", "onebox.stream.v1", "cookie", cookie)) {
                sent.addAndGet(fuzzer.say(socket, Corpus.STREAM_FRAMES, FRAMES_OF_A_SOCKET));
            }
            for (int i = 0; i < ROUND; i++) {
                refused.addAndGet(fuzzer.post() >= 400 ? 1 : 0);
                sent.incrementAndGet();
            }
        }
    }
}
