package io.onebox.testbed;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `iperf3` and `ping` measured, in numbers. Each measurement prints one line, so that the log is the
/// record.
final class Measured {

    private static final Pattern LOST = Pattern.compile("(\\d+) packets transmitted, (\\d+) received");
    private static final Pattern RTT = Pattern.compile("= ([0-9.]+)/([0-9.]+)/([0-9.]+)/");

    /// What a run of `ping` found.
    record Ping(int sent, int received, double minMs, double meanMs, double maxMs) {
        int lost() {
            return sent - received;
        }
    }

    /// What a run of `iperf3` over UDP found.
    record Udp(double megabitsPerSecond, double lostShare, double jitterMs) {}

    private Measured() {}

    /// Goodput of TCP as the receiver saw it, in Mbit/s.
    static double tcp(String what, TestbedHost from, String arguments) {
        JsonObject end = new JsonObject(from.run("iperf3 -J --connect-timeout 3000 " + arguments)).getJsonObject("end");
        double rate = end.getJsonObject("sum_received").getDouble("bits_per_second") / 1e6;
        print("%s: %.1f Mbit/s TCP".formatted(what, rate));
        return rate;
    }

    /// Goodput and loss of UDP.
    static Udp udp(String what, TestbedHost from, String arguments) {
        JsonObject sum = new JsonObject(from.run("iperf3 -J -u --connect-timeout 3000 " + arguments))
                .getJsonObject("end")
                .getJsonObject("sum");
        double lost = sum.getDouble("lost_percent") / 100;
        var udp = new Udp(sum.getDouble("bits_per_second") / 1e6 * (1 - lost), lost, sum.getDouble("jitter_ms"));
        print("%s: %.1f Mbit/s UDP, %.3f %% lost, jitter %.2f ms"
                .formatted(what, udp.megabitsPerSecond(), lost * 100, udp.jitterMs()));
        return udp;
    }

    /// Round trips.
    static Ping ping(String what, TestbedHost from, String arguments) {
        Ping ping = parse(from.attempt("ping -q " + arguments).output());
        print("%s: %d of %d lost, RTT %.2f / %.2f / %.2f ms"
                .formatted(what, ping.lost(), ping.sent(), ping.minMs(), ping.meanMs(), ping.maxMs()));
        return ping;
    }

    /// Reads the summary of `ping`.
    static Ping parse(String output) {
        Matcher lost = LOST.matcher(output);
        if (!lost.find()) {
            throw new IllegalStateException("no summary of ping in: " + output);
        }
        Matcher rtt = RTT.matcher(output);
        boolean answered = rtt.find();
        return new Ping(
                Integer.parseInt(lost.group(1)),
                Integer.parseInt(lost.group(2)),
                answered ? Double.parseDouble(rtt.group(1)) : Double.NaN,
                answered ? Double.parseDouble(rtt.group(2)) : Double.NaN,
                answered ? Double.parseDouble(rtt.group(3)) : Double.NaN);
    }

    /// Prints a line of the record.
    static void print(String line) {
        System.out.println(String.format(Locale.ROOT, "[measured] %s", line));
    }
}
