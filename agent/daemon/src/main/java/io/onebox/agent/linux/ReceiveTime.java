package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// When the kernel took a datagram from the network card (`SO_TIMESTAMPNS`), in the agent's time: how far apart
/// datagrams arrived, however late and however many at once we read them.
final class ReceiveTime {

    /// `SO_TIMESTAMPNS`, and the type of its control message.
    static final int OPTION = 35;

    /// A datagram that seems older was received before somebody set the clock. A guess.
    private static final long OLDEST_NS = 1_000_000_000;

    private static final int TIMESPEC_LENGTH = 2 * Long.BYTES;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final Libc libc;
    private final MemorySegment wallClock;
    private long nowNs;
    private long wallClockNs;

    ReceiveTime(Libc libc, Arena arena) {
        this.libc = libc;
        this.wallClock = arena.allocate(TIMESPEC_LENGTH, Long.BYTES);
    }

    /// Notes that a batch is read at `nowNs`.
    void onBatch(long nowNs) {
        this.nowNs = nowNs;
        libc.clock_gettime(Libc.CLOCK_REALTIME, wallClock.address());
        wallClockNs = nanoseconds(wallClock, 0);
    }

    /// When message `index` of the batch arrived, never later than the batch was read.
    long of(MessageVector messages, int index) {
        long at = messages.control(index, Libc.SOL_SOCKET, OPTION, TIMESPEC_LENGTH);
        if (at == MessageVector.NONE) {
            return nowNs;
        }
        long ageNs = wallClockNs - nanoseconds(messages.controls(), at);
        return ageNs < 0 || ageNs > OLDEST_NS ? nowNs : nowNs - ageNs;
    }

    private static long nanoseconds(MemorySegment segment, long at) {
        return segment.get(JAVA_LONG, at) * NS_PER_SECOND + segment.get(JAVA_LONG, at + Long.BYTES);
    }
}
