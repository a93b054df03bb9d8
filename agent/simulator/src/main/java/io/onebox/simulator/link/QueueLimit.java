package io.onebox.simulator.link;

/// What the queue of a link holds before it drops at the tail. Whichever limit is reached first counts.
///
/// @param waitNs longest wait of a packet before its service starts
/// @param bytes bytes waiting or being served
public record QueueLimit(long waitNs, long bytes) {

    /// A queue without end.
    public static final QueueLimit NONE = new QueueLimit(Long.MAX_VALUE, Long.MAX_VALUE);

    public QueueLimit {
        if (waitNs < 0 || bytes < 1) {
            throw new IllegalArgumentException("a queue must hold something: " + waitNs + ", " + bytes);
        }
    }
}
