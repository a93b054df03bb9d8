package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalLong;

/// Tells systemd how we fare (`sd_notify(3)`): one datagram a message to the unix socket in `NOTIFY_SOCKET`. Says
/// nothing where there is no systemd, and never fails for it.
///
/// ```
///  struct sockaddr_un
///   0 +------------+---------------------------------------+
///     | family (2) | path, or 0 and an abstract name (108) |
///     +------------+---------------------------------------+
/// ```
public final class SystemdNotify {

    private static final int PATH_OFFSET = Short.BYTES;
    private static final int PATH_ROOM = 108;

    private static final long NS_PER_US = 1_000;

    private final Libc libc;
    private final String socketPath;
    private final OptionalLong watchdogNs;

    /// @param environment of this process
    public SystemdNotify(Libc libc, Map<String, String> environment) {
        this.libc = libc;
        this.socketPath = environment.getOrDefault("NOTIFY_SOCKET", "");
        this.watchdogNs = microseconds(environment.getOrDefault("WATCHDOG_USEC", ""));
    }

    private static OptionalLong microseconds(String text) {
        try {
            return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text) * NS_PER_US);
        } catch (NumberFormatException _) {
            // Not from systemd, then.
            return OptionalLong.empty();
        }
    }

    /// How often [#alive] must be called at least, if systemd watches us; call it twice as often.
    public OptionalLong watchdogNs() {
        return watchdogNs;
    }

    /// We carry traffic.
    ///
    /// @return whether systemd was told
    public boolean ready() {
        return send("READY=1");
    }

    /// One line for `systemctl status`.
    public boolean status(String line) {
        return send("STATUS=" + line.replace('\n', ' '));
    }

    /// We read our configuration again; [#ready] ends it.
    ///
    /// @param monotonicUs `CLOCK_MONOTONIC` in microseconds, which is what `System.nanoTime` reads on Linux
    public boolean reloading(long monotonicUs) {
        return send("RELOADING=1\nMONOTONIC_USEC=" + monotonicUs);
    }

    /// We are not stuck.
    public boolean alive() {
        return send("WATCHDOG=1");
    }

    /// We are about to stop.
    public boolean stopping() {
        return send("STOPPING=1");
    }

    private boolean send(String message) {
        byte[] path = socketPath.getBytes(StandardCharsets.UTF_8);
        if (path.length == 0 || path.length >= PATH_ROOM) {
            return false;
        }
        int fd = libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.CLOEXEC, 0);
        if (fd < 0) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(PATH_OFFSET + PATH_ROOM, Long.BYTES);
            address.set(JAVA_SHORT, 0, (short) Libc.AF_UNIX);
            MemorySegment.copy(path, 0, address, JAVA_BYTE, PATH_OFFSET, path.length);
            if (path[0] == '@') {
                address.set(JAVA_BYTE, PATH_OFFSET, (byte) 0);
            }
            byte[] text = message.getBytes(StandardCharsets.UTF_8);
            MemorySegment datagram = arena.allocate(text.length);
            MemorySegment.copy(text, 0, datagram, JAVA_BYTE, 0, text.length);
            return libc.connect(fd, address.address(), PATH_OFFSET + path.length) == 0
                    && libc.send(fd, datagram.address(), text.length, Libc.MSG_NOSIGNAL) == text.length;
        } finally {
            libc.close(fd);
        }
    }
}
