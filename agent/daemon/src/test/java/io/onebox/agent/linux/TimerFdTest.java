package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class TimerFdTest {

    private static final short POLLIN = 1;

    private final Libc libc = Libc.load();
    private final MemorySegment pollFd = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);

    @Test
    void becomesReadableAtItsTimeAndNotBefore() {
        try (var timer = new TimerFd(libc)) {
            assertThat(readableWithin(timer, 0)).isFalse();

            long startNs = System.nanoTime();
            timer.set(2_000_000);

            assertThat(readableWithin(timer, 1_000)).isTrue();
            assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(2_000_000);
            timer.acknowledge();
            assertThat(readableWithin(timer, 0)).isFalse();
        }
    }

    @Test
    void takesADeadlineInThePastAsNow() {
        try (var timer = new TimerFd(libc)) {
            timer.set(-5);

            assertThat(readableWithin(timer, 1_000)).isTrue();
        }
    }

    private boolean readableWithin(TimerFd timer, int timeoutMs) {
        pollFd.set(JAVA_INT, 0, timer.fd());
        pollFd.set(JAVA_SHORT, Integer.BYTES, POLLIN);
        return libc.poll(pollFd.address(), 1, timeoutMs) == 1;
    }
}
