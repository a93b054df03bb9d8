package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LazyArenaTest {

    private static final long BYTES = 256L << 20;

    private final Libc libc = Libc.load();

    @Test
    void becomesResidentOnlyWhereItIsUsed() throws IOException {
        long beforeBytes = residentBytes();
        try (LazyArena arena = LazyArena.ofShared(libc)) {
            MemorySegment memory = arena.allocate(BYTES, 64);
            memory.set(JAVA_LONG, BYTES - Long.BYTES, 1);

            assertThat(memory.address() % 64).isZero();
            assertThat(memory.get(JAVA_BYTE, BYTES / 2)).isZero();
            assertThat(residentBytes() - beforeBytes).isLessThan(BYTES / 4);
        }
    }

    @Test
    void isGoneWhenClosed() {
        MemorySegment memory;
        try (LazyArena arena = LazyArena.ofShared(libc)) {
            memory = arena.allocate(100, 8);
        }

        assertThatThrownBy(() -> memory.get(JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    }

    private static long residentBytes() throws IOException {
        String pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[1];
        return Long.parseLong(pages) * 4_096;
    }
}
