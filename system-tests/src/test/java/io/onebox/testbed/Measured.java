package io.onebox.testbed;

import java.util.Locale;

/// What `iperf3` and `fping` measured, in numbers. Each measurement prints one line, so that the log is the
/// record.
final class Measured {

    private Measured() {}

    /// Goodput of TCP as the receiver saw it, in Mbit/s.
    static double tcp(String what, TestbedHost from, String arguments) {
        double rate = IperfReport.of(from, arguments).megabitsPerSecond();
        print("%s: %.1f Mbit/s TCP".formatted(what, rate));
        return rate;
    }

    /// Goodput and loss of UDP.
    static IperfReport udp(String what, TestbedHost from, String arguments) {
        IperfReport udp = IperfReport.of(from, "-u " + arguments);
        print("%s: %.1f Mbit/s UDP, %.3f %% lost, jitter %.2f ms"
                .formatted(what, udp.megabitsPerSecond(), udp.lostShare() * 100, udp.jitterMs()));
        return udp;
    }

    /// Round trips.
    ///
    /// @param command one of [PingReport#command]
    static PingReport ping(String what, TestbedHost from, String... command) {
        PingReport ping = PingReport.of(from, command);
        print("%s: %d of %d lost, RTT mean %.2f, largest %.2f ms"
                .formatted(what, ping.lost(), ping.sent(), ping.meanMs(), ping.maxMs()));
        return ping;
    }

    /// Prints a line of the record.
    static void print(String line) {
        System.out.println(String.format(Locale.ROOT, "[measured] %s", line));
    }
}
