package io.onebox.testbed.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

    /// Waits for its end; an unchecked exception passes through.
    T await() {
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
