package io.onebox.controller.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InOrderTest {

    /// More than Vert.x has workers.
    private static final int MANY = 200;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void oneAgentsWorkIsDoneOneAfterTheOther() throws Exception {
        List<Integer> done = new ArrayList<>();

        Future<?> last = on(() -> {
            var order = new InOrder(context);
            for (int i = 0; i < MANY; i++) {
                int number = i;
                order.run(() -> done.add(number));
            }
            return order.run(() -> true);
        });
        await(last);

        assertThat(done).hasSize(MANY).isSorted();
    }

    @Test
    void theWorkOfManyAgentsWaitsTogether() throws Exception {
        var all = new CountDownLatch(MANY);
        List<Future<Boolean>> works = new ArrayList<>();

        Future<?> last = on(() -> {
            for (int i = 0; i < MANY; i++) {
                works.add(new InOrder(context).run(() -> {
                    all.countDown();
                    return all.await(10, TimeUnit.SECONDS);
                }));
            }
            return Future.join(works);
        });
        await(last);

        assertThat(works).allSatisfy(work -> assertThat(work.result()).isTrue());
    }

    @Test
    void whatFailsIsToldOnTheContextAndHoldsNothingUp() throws Exception {
        List<String> told = new ArrayList<>();

        Future<?> last = on(() -> {
            var order = new InOrder(context);
            order.<Boolean>run(() -> {
                        throw new AssertionError("no luck");
                    })
                    .onFailure(failure -> told.add(failure.getMessage() + " "
                            + vertx.getOrCreateContext().equals(context)));
            return order.run(() -> "next").onSuccess(told::add);
        });
        await(last);

        assertThat(told).containsExactly("no luck true", "next");
    }

    /// Begins something on a context, where alone it may begin.
    private Future<?> on(Supplier<Future<?>> begin) {
        Promise<Object> done = Promise.promise();
        context.runOnContext(_ -> begin.get().<Object>mapEmpty().onComplete(done));
        return done.future();
    }

    private static void await(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
