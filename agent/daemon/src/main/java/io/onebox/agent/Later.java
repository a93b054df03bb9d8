package io.onebox.agent;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// One thing at most that an agent does later, on its own thread; the next takes its place.
final class Later {

    private static final long NOTHING = -1;

    private final Vertx vertx;
    private final AgentThread thread;
    private long timer = NOTHING;

    Later(Vertx vertx, AgentThread thread) {
        this.vertx = vertx;
        this.thread = thread;
    }

    /// Does `work` after a while, if it is still wanted then.
    void after(Duration delay, String what, BooleanSupplier isWanted, Runnable work) {
        cancel();
        timer = vertx.setTimer(
                delay.toMillis(),
                _ -> thread.run(what, () -> {
                    if (isWanted.getAsBoolean()) {
                        work.run();
                    }
                }));
    }

    void cancel() {
        vertx.cancelTimer(timer);
    }
}
