package io.onebox.controller.api;

import io.onebox.controller.api.Call.Answer;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Answers to requests that came with an `Idempotency-Key`: who asks again gets the same answer, and nothing is done
/// twice. In memory, because some answers hold a secret; the oldest are forgotten. May be used from any thread.
final class Repeats {

    private static final int MAX_KEPT = 1_000;

    private final Map<String, Kept> kept = new LinkedHashMap<>();

    /// @param request what was asked, to the letter
    private record Kept(String request, Future<Answer> answer) {}

    /// The answer to a request: what was answered before, or what `work` answers now. A failure is not kept.
    ///
    /// @param key whose, and which
    synchronized Future<Answer> answer(String key, String request, Supplier<Future<Answer>> work) {
        Kept before = kept.get(key);
        if (before != null && !before.answer().failed()) {
            return before.request().equals(request)
                    ? before.answer()
                    : Future.failedFuture(new ApiProblem(
                            422, "key_reused", "this Idempotency-Key was used for another request; make a new one"));
        }
        if (kept.size() == MAX_KEPT) {
            kept.remove(kept.keySet().iterator().next());
        }
        Future<Answer> answer = work.get();
        kept.put(key, new Kept(request, answer));
        return answer;
    }
}
