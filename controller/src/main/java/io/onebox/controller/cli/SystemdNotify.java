package io.onebox.controller.cli;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/// Tells systemd how we fare (`sd_notify(3)`): one datagram a message to the unix socket in `NOTIFY_SOCKET`, which the
/// JDK cannot send. Says nothing where there is no systemd, and never fails for it.
///
/// The agent has one of its own, on the library it makes all its system calls with.
final class SystemdNotify {

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 0x80002;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int PATH_OFFSET = Short.BYTES;

    /// Of `sockaddr_un`, with the 0 at the end.
    private static final int PATH_ROOM = 108;

    private final Map<String, String> environment;

    /// @param environment of this process
    SystemdNotify(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /// How often [#alive] must be called at least, if systemd watches us.
    Optional<Duration> watchdog() {
        return Optional.ofNullable(environment.get("WATCHDOG_USEC"))
                .filter(text -> text.matches("\\d{1,18}"))
                .map(text -> Duration.of(Long.parseLong(text), ChronoUnit.MICROS));
    }

    /// The port is open.
    ///
    /// @return whether systemd was told
    boolean ready() {
        return send("READY=1");
    }

    /// We are not stuck.
    boolean alive() {
        return send("WATCHDOG=1");
    }

    /// We are about to stop.
    boolean stopping() {
        return send("STOPPING=1");
    }

    private boolean send(String message) {
        byte[] path = environment.getOrDefault("NOTIFY_SOCKET", "").getBytes(StandardCharsets.UTF_8);
        if (path.length == 0 || path.length >= PATH_ROOM) {
            return false;
        }
        if (path[0] == '@') {
            path[0] = 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(PATH_OFFSET + PATH_ROOM, Long.BYTES);
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(path, 0, address, JAVA_BYTE, PATH_OFFSET, path.length);
            byte[] text = message.getBytes(StandardCharsets.UTF_8);
            MemorySegment datagram = arena.allocate(text.length);
            MemorySegment.copy(text, 0, datagram, JAVA_BYTE, 0, text.length);
            return send(datagram, address, PATH_OFFSET + path.length);
        }
    }

    private static boolean send(MemorySegment datagram, MemorySegment address, int addressLength) {
        try {
            int fd = (int) function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT)
                    .invokeExact(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
            if (fd < 0) {
                return false;
            }
            long sent = (long) function("sendto", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT)
                    .invokeExact(fd, datagram, datagram.byteSize(), MSG_NOSIGNAL, address, addressLength);
            int closed = (int) function("close", JAVA_INT, JAVA_INT).invokeExact(fd);
            return sent == datagram.byteSize() && closed == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("functions of libc do not throw", e);
        }
    }

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }
}
