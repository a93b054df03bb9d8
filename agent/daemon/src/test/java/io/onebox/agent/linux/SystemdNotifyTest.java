package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdNotifyTest {

    private final Libc libc = Libc.load();
    private final Arena arena = Arena.ofConfined();

    @TempDir
    Path directory;

    private String path = "";
    private int systemd = -1;

    @BeforeEach
    void listensLikeSystemd() {
        path = directory.resolve("notify").toString();
        systemd = libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.NONBLOCK, 0);
        MemorySegment address = arena.allocate(110, Long.BYTES);
        address.set(JAVA_SHORT, 0, (short) Libc.AF_UNIX);
        address.setString(2, path);
        assertThat(libc.bind(systemd, address.address(), 2 + path.length())).isZero();
    }

    @AfterEach
    void closes() {
        libc.close(systemd);
        arena.close();
    }

    @Test
    void tellsThatItIsReadyAliveAndStopping() {
        var notify = new SystemdNotify(libc, Map.of("NOTIFY_SOCKET", path));

        assertThat(notify.ready()).isTrue();
        assertThat(received()).isEqualTo("READY=1");
        assertThat(notify.alive()).isTrue();
        assertThat(received()).isEqualTo("WATCHDOG=1");
        assertThat(notify.stopping()).isTrue();
        assertThat(received()).isEqualTo("STOPPING=1");
    }

    @Test
    void staysSilentWithoutSystemd() {
        var notify = new SystemdNotify(libc, Map.of());

        assertThat(notify.ready()).isFalse();
        assertThat(notify.watchdogNs()).isEmpty();
    }

    @Test
    void readsHowOftenSystemdWantsToHear() {
        assertThat(new SystemdNotify(libc, Map.of("WATCHDOG_USEC", "30000000")).watchdogNs())
                .hasValue(30_000_000_000L);
    }

    private String received() {
        MemorySegment buffer = arena.allocate(100);
        long length = libc.recv(systemd, buffer.address(), 100, 0);
        return new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    }
}
