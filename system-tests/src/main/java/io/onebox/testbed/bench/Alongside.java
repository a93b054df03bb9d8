package io.onebox.testbed.bench;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// A measurement that runs in a thread of its own while something happens to the links.
final class Alongside<T> {

    private final CompletableFuture<T> result;

    private Alongside(CompletableFuture<T> result) {
        this.result = result;
    }

    /// Starts one.
    static <T> Alongside<T> start(Supplier<T> measurement) {
        return new Alongside<>(CompletableFuture.supplyAsync(
                measurement, action -> Thread.ofPlatform().daemon().start(action)));
    }

    /// Waits for its end.
    T await() {
        return result.join();
    }
}
