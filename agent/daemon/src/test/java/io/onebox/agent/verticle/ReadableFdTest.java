package io.onebox.agent.verticle;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.IoRegistration;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.linux.TimerFd;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadableFdTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Enough for an earlier timer to be told of before.
    private static final long LATER_NS = 5_000_000;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final Context context = vertx.getOrCreateContext();
    private final TimerFd timer = new TimerFd(Libc.load());
    private final TimerFd later = new TimerFd(Libc.load());
    private final AtomicInteger told = new AtomicInteger();
    private final AtomicInteger toldLater = new AtomicInteger();

    @AfterEach
    void close() {
        await(vertx.close());
        timer.close();
        later.close();
    }

    /// The data plane stops reading TUN while its buffers are full, and starts again when there is room.
    @Test
    void tellsNothingWhilePausedAndAgainWhenResumed() {
        IoRegistration watched = watch(timer, told);
        IoRegistration witness = watch(later, toldLater);
        for (int round = 1; round <= 3; round++) {
            await(onLoop(() -> wants(watched, false)));
            timer.set(1);
            later.set(LATER_NS);
            int expected = round;
            eventually(PATIENCE, () -> assertThat(toldLater).hasValue(expected));
            assertThat(told).hasValue(round - 1);

            await(onLoop(() -> wants(watched, true)));
            eventually(PATIENCE, () -> assertThat(told).hasValue(expected));
        }
        watched.cancel();
        witness.cancel();
    }

    private IoRegistration watch(TimerFd watched, AtomicInteger count) {
        return await(onLoop(() -> ReadableFd.watch(context, watched.fd(), () -> {
            watched.acknowledge();
            count.incrementAndGet();
        })));
    }

    private static Future<Void> wants(IoRegistration watched, boolean isWanted) {
        ReadableFd.wants(watched, isWanted);
        return Future.succeededFuture();
    }

    private <T> Future<T> onLoop(Supplier<Future<T>> action) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(_ -> {
            try {
                action.get().onComplete(promise);
            } catch (RuntimeException e) {
                promise.fail(e);
            }
        });
        return promise.future();
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
