package io.onebox.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdNotifyTest {

    @TempDir
    private Path directory;

    @Test
    void tellsThatItIsReadyAliveAndStopping() throws IOException {
        String path = directory.resolve("notify").toString();
        // systemd in three lines; the JDK has no datagrams of unix sockets.
        Process systemd = new ProcessBuilder("python3", "-uc", """
                import socket
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind("%s"); print("bound")
                while True: print(s.recv(100).decode())
                """.formatted(path))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader heard = systemd.inputReader()) {
            assertThat(heard.readLine()).isEqualTo("bound");
            var notify = new SystemdNotify(Map.of("NOTIFY_SOCKET", path));

            assertThat(notify.ready()).isTrue();
            assertThat(heard.readLine()).isEqualTo("READY=1");
            assertThat(notify.alive()).isTrue();
            assertThat(heard.readLine()).isEqualTo("WATCHDOG=1");
            assertThat(notify.stopping()).isTrue();
            assertThat(heard.readLine()).isEqualTo("STOPPING=1");
        } finally {
            systemd.destroyForcibly();
        }
    }

    @Test
    void staysSilentWithoutSystemd() {
        assertThat(new SystemdNotify(Map.of()).ready()).isFalse();
        assertThat(new SystemdNotify(Map.of("NOTIFY_SOCKET", "/nonexistent/notify")).ready())
                .isFalse();
    }

    @Test
    void readsHowOftenSystemdWantsToHear() {
        assertThat(new SystemdNotify(Map.of()).watchdog()).isEmpty();
        assertThat(new SystemdNotify(Map.of("WATCHDOG_USEC", "soon")).watchdog())
                .isEmpty();
        assertThat(new SystemdNotify(Map.of("WATCHDOG_USEC", "30000000")).watchdog())
                .contains(Duration.ofSeconds(30));
    }
}
