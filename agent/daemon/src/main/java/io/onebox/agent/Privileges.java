package io.onebox.agent;

import io.onebox.shared.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a process must be allowed to do, and a machine must have, to carry a tunnel.
final class Privileges {

    /// Bit of `CAP_NET_ADMIN` (linux/capability.h).
    private static final int NET_ADMIN = 12;

    private static final int HEXADECIMAL = 16;
    private static final String EFFECTIVE = "CapEff:";

    private Privileges() {}

    /// Fails if this process may not change the network, or there are no TUN devices.
    static void check() {
        check(Path.of("/proc/self/status"), Path.of("/dev/net/tun"));
    }

    static void check(Path status, Path tun) {
        if (!hasNetAdmin(status)) {
            throw new StartFailure(
                    ExitCode.PERMISSION,
                    "the agent needs CAP_NET_ADMIN to make a tunnel; run it as root, or with setcap or systemd's"
                            + " AmbientCapabilities=CAP_NET_ADMIN CAP_NET_RAW");
        }
        if (!Files.exists(tun)) {
            throw new StartFailure(
                    ExitCode.UNAVAILABLE,
                    tun + " is missing; load the module with: modprobe tun (in a container, pass the device in)");
        }
    }

    private static boolean hasNetAdmin(Path status) {
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith(EFFECTIVE))
                    .map(line -> Long.parseUnsignedLong(
                            line.substring(EFFECTIVE.length()).strip(), HEXADECIMAL))
                    .anyMatch(capabilities -> (capabilities >> NET_ADMIN & 1) == 1);
        } catch (IOException _) {
            return true; // Without /proc we cannot know; the system calls will tell.
        }
    }
}
