package io.onebox.agent;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What must be undone at the end, last first, whatever else fails.
final class Undo implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Undo.class);

    private final Deque<AutoCloseable> steps = new ArrayDeque<>();

    void add(AutoCloseable step) {
        steps.push(step);
    }

    @Override
    public void close() {
        while (!steps.isEmpty()) {
            try {
                steps.pop().close();
            } catch (Exception e) {
                log.atWarn().addKeyValue("cause", e.toString()).log("a step of stopping failed");
            }
        }
    }
}
