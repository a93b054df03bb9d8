package io.onebox.simulator.link;

import org.jspecify.annotations.Nullable;

/// The queue of a link and what serves it, in closed form: since packets are served in order, the
/// departure of each is known when it enters.
final class Server {

    private static final long NS_PER_SECOND = 1_000_000_000;

    /// Departures of the packets in the queue, oldest first, as a ring.
    private long[] departuresNs = new long[64];

    private int[] sizes = new int[64];
    private int head;
    private int queued;
    private long queuedBytes;

    private long busyUntilNs;
    private @Nullable DeliveryTrace followed;
    private long opportunity;
    private int opportunityBytes;

    /// Returns when a packet has left the queue, or -1 if it found the queue full.
    long departureNs(LinkShape shape, long lineNs, int bytes) {
        forgetDeparted(lineNs);
        if (queued > 0 && queuedBytes + bytes > shape.queue().bytes()) {
            return -1;
        }
        long departureNs = switch (shape.capacity()) {
            case Capacity.Unlimited() -> Math.max(lineNs, busyUntilNs);
            case Capacity.Constant(long bytesPerSecond) -> {
                long startNs = Math.max(lineNs, busyUntilNs);
                yield startNs - lineNs > shape.queue().waitNs() ? -1 : startNs + bytes * NS_PER_SECOND / bytesPerSecond;
            }
            case Capacity.Recorded(DeliveryTrace trace) -> serve(trace, shape.queue(), lineNs, bytes);
        };
        if (departureNs >= 0) {
            busyUntilNs = departureNs;
            remember(departureNs, bytes);
        }
        return departureNs;
    }

    /// How long a packet that comes now would wait.
    long waitNs(long lineNs) {
        return Math.max(0, busyUntilNs - lineNs);
    }

    /// Forgets what is queued.
    void clear(long lineNs) {
        forgetDeparted(Long.MAX_VALUE);
        busyUntilNs = lineNs;
    }

    private long serve(DeliveryTrace trace, QueueLimit limit, long lineNs, int bytes) {
        if (trace != followed) {
            followed = trace;
            opportunity = 0;
            opportunityBytes = DeliveryTrace.OPPORTUNITY_BYTES;
        }
        long startNs = Math.max(lineNs, busyUntilNs);
        long serving = opportunity;
        int left = opportunityBytes;
        if (trace.instantNs(serving) < startNs || left == 0) {
            serving = Math.max(trace.firstFrom(startNs), left == 0 ? serving + 1 : serving);
            left = DeliveryTrace.OPPORTUNITY_BYTES;
        }
        if (busyUntilNs - lineNs > limit.waitNs()) {
            return -1;
        }
        int rest = bytes;
        while (rest > left) {
            rest -= left;
            left = DeliveryTrace.OPPORTUNITY_BYTES;
            serving++;
        }
        opportunity = serving;
        opportunityBytes = left - rest;
        return trace.instantNs(serving);
    }

    private void forgetDeparted(long lineNs) {
        while (queued > 0 && departuresNs[head] <= lineNs) {
            queuedBytes -= sizes[head];
            head = (head + 1) % sizes.length;
            queued--;
        }
    }

    private void remember(long departureNs, int bytes) {
        if (queued == sizes.length) {
            grow();
        }
        int tail = (head + queued) % sizes.length;
        departuresNs[tail] = departureNs;
        sizes[tail] = bytes;
        queued++;
        queuedBytes += bytes;
    }

    private void grow() {
        var moreDepartures = new long[2 * queued];
        var moreSizes = new int[2 * queued];
        for (int i = 0; i < queued; i++) {
            moreDepartures[i] = departuresNs[(head + i) % queued];
            moreSizes[i] = sizes[(head + i) % queued];
        }
        departuresNs = moreDepartures;
        sizes = moreSizes;
        head = 0;
    }
}
