package io.onebox.engine.noise;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/// Chance that says what it is told: one prepared array for each call of `nextBytes`.
final class Recited implements RandomGenerator {

    private final Deque<byte[]> prepared;

    Recited(byte[]... prepared) {
        this.prepared = new ArrayDeque<>(List.of(prepared));
    }

    @Override
    public void nextBytes(byte[] bytes) {
        byte[] next = prepared.remove();
        System.arraycopy(next, 0, bytes, 0, bytes.length);
    }

    @Override
    public long nextLong() {
        throw new IllegalStateException("only bytes were prepared");
    }
}
