package io.onebox.agent;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// The thread on which an agent acts: link events, commands and reloads, one after the other, each to its end. It may
/// block, so what it does reads top to bottom.
final class AgentThread implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AgentThread.class);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("agent").factory());

    AgentThread(Vertx vertx) {
        this.vertx = vertx;
    }

    /// Runs `work` in its turn; the result comes back on the caller's context.
    <T extends @Nullable Object> Future<T> call(Callable<T> work) {
        Promise<T> promise = ((ContextInternal) vertx.getOrCreateContext()).promise();
        try {
            thread.execute(() -> {
                try {
                    promise.complete(work.call());
                } catch (Exception e) {
                    promise.fail(e);
                }
            });
        } catch (RejectedExecutionException _) {
            promise.fail("the agent is stopping");
        }
        return promise.future();
    }

    /// Runs `work` in its turn; what goes wrong is logged.
    void run(String what, Runnable work) {
        call(() -> {
                    work.run();
                    return null;
                })
                .onFailure(failure -> log.atLevel(thread.isShutdown() ? Level.DEBUG : Level.WARN)
                        .addKeyValue("what", what)
                        .addKeyValue("cause", failure.getMessage())
                        .log("could not be done"));
    }

    /// Lets the work that is waiting be done, and ends.
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("the agent's thread did not end in time");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
