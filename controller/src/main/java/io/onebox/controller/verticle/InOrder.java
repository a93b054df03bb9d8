package io.onebox.controller.verticle;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// What blocks for one agent, one after the other, and beside what does for others. It waits on a virtual thread, so
/// that what a thousand agents answer at once can share a few commits; twenty workers would share fifty.
final class InOrder {

    private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

    private final Context context;
    private Future<?> last = Future.succeededFuture();

    /// @param context on which it is told what became of the work, and on which alone [#run] may be called
    InOrder(Context context) {
        this.context = context;
    }

    <T extends @Nullable Object> Future<T> run(Callable<T> work) {
        Future<T> next = last.transform(_ -> begin(work));
        last = next;
        return next;
    }

    private <T extends @Nullable Object> Future<T> begin(Callable<T> work) {
        Promise<T> promise = Promise.promise();
        THREADS.execute(() -> {
            Future<T> done = done(work);
            context.runOnContext(_ -> done.onComplete(promise));
        });
        return promise.future();
    }

    private static <T extends @Nullable Object> Future<T> done(Callable<T> work) {
        try {
            return Future.succeededFuture(work.call());
        } catch (Throwable e) {
            return Future.failedFuture(e);
        }
    }
}
