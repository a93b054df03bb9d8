package io.onebox.testbed;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/// What `iperf3 -J` printed, as numbers.
///
/// @param megabitsPerSecond payload that arrived, without what `-O` omits
/// @param lostShare datagrams of UDP that never arrived, in `0..1`; 0 for TCP
/// @param lostPackets the same as a count
/// @param jitterMs of UDP; 0 for TCP
/// @param intervals the flow piece by piece, as this end of it saw it
public record IperfReport(
        double megabitsPerSecond, double lostShare, long lostPackets, double jitterMs, List<Interval> intervals) {

    private static final double BITS_PER_MEGABIT = 1e6;

    public IperfReport {
        intervals = List.copyOf(intervals);
    }

    /// A piece of the flow.
    public record Interval(double seconds, double megabitsPerSecond) {}

    /// Reads the report; one that tells of an error is an [IllegalStateException] with its words.
    public static IperfReport parse(String json) {
        var report = new JsonObject(json);
        if (report.containsKey("error")) {
            throw new IllegalStateException("iperf3: " + report.getString("error"));
        }
        List<Interval> intervals = intervals(report.getJsonArray("intervals", new JsonArray()));
        JsonObject end = report.getJsonObject("end");
        // Both have sum_received; only UDP has sum, which tells of losses.
        JsonObject sum = end.getJsonObject("sum");
        if (sum == null) {
            return new IperfReport(megabits(end.getJsonObject("sum_received")), 0, 0, 0, intervals);
        }
        double lost = sum.getDouble("lost_percent") / 100;
        return new IperfReport(
                megabits(sum) * (1 - lost), lost, sum.getLong("lost_packets"), sum.getDouble("jitter_ms"), intervals);
    }

    /// Runs `iperf3` as a client on a host and reads its report.
    ///
    /// @param arguments all but `-J`
    public static IperfReport of(TestbedHost host, String arguments) {
        return of(host, "iperf3", arguments);
    }

    /// As [#of(TestbedHost, String)], started by another command such as `mptcpize run iperf3`.
    public static IperfReport of(TestbedHost host, String command, String arguments) {
        Shell.Result result = host.attempt("%s -J --connect-timeout 5000 %s".formatted(command, arguments));
        if (result.output().isBlank()) {
            throw new IllegalStateException(command + " printed nothing but: " + result.errors());
        }
        try {
            return parse(result.output());
        } catch (IllegalStateException e) {
            throw new IllegalStateException("%s %s: %s".formatted(command, arguments, e.getMessage()), e);
        }
    }

    private static List<Interval> intervals(JsonArray pieces) {
        List<Interval> intervals = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            JsonObject sum = pieces.getJsonObject(i).getJsonObject("sum");
            intervals.add(new Interval(sum.getDouble("seconds"), megabits(sum)));
        }
        return intervals;
    }

    private static double megabits(JsonObject sum) {
        return sum.getDouble("bits_per_second") / BITS_PER_MEGABIT;
    }

    /// The longest time in which hardly anything arrived, in seconds.
    ///
    /// @param megabitsPerSecond what is hardly anything
    public double longestStandstill(double megabitsPerSecond) {
        double longest = 0;
        double current = 0;
        for (Interval interval : intervals) {
            current = interval.megabitsPerSecond() < megabitsPerSecond ? current + interval.seconds() : 0;
            longest = Math.max(longest, current);
        }
        return longest;
    }
}
