package io.onebox.simulator.link;

/// How fast a link serves its queue.
public sealed interface Capacity {

    /// Faster than anything that is measured.
    record Unlimited() implements Capacity {}

    /// The same rate all the time.
    record Constant(long bytesPerSecond) implements Capacity {
        public Constant {
            if (bytesPerSecond < 1) {
                throw new IllegalArgumentException("a rate must be positive, was " + bytesPerSecond);
            }
        }
    }

    /// The delivery opportunities of a recorded link, over and over.
    record Recorded(DeliveryTrace trace) implements Capacity {}
}
