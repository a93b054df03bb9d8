package io.onebox.testbed;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What `fping` printed, as numbers. It is patient to the last: `ping` goes two of its longest round trips after the
/// last request, so that a machine that stands still for 100 ms then looks like one that lost a packet.
///
/// @param sent requests
/// @param rttsMs round trips in the order of the answers, duplicates left out
public record PingReport(int sent, List<Double> rttsMs) {

    private static final int PATIENCE_MS = 2000;

    private static final Pattern SENT = Pattern.compile("xmt/rcv/%loss = (\\d+)/");
    private static final Pattern ANSWER =
            Pattern.compile("^\\[([0-9.]+)] \\S+ : \\[\\d+], \\d+ bytes, ([0-9.]+) ms ", Pattern.MULTILINE);

    public PingReport {
        rttsMs = List.copyOf(rttsMs);
    }

    /// A command whose output can be read here, also while it runs.
    ///
    /// @param count of requests
    /// @param to an address, after options of fping(8) if need be
    public static String[] command(int count, int everyMs, String... to) {
        String[] pace = {"fping", "-D", "-c", "" + count, "-p", "" + everyMs, "-t", "" + PATIENCE_MS};
        return Stream.concat(Stream.of(pace), Stream.of(to)).toArray(String[]::new);
    }

    /// Reads the output of a command that has ended.
    public static PingReport parse(String output) {
        Matcher summary = SENT.matcher(output);
        if (!summary.find()) {
            throw new IllegalStateException("no summary of fping in: " + output);
        }
        List<Double> rtts = ANSWER.matcher(output)
                .results()
                .map(answer -> Double.parseDouble(answer.group(2)))
                .toList();
        return new PingReport(Integer.parseInt(summary.group(1)), rtts);
    }

    /// When the answers came, in seconds since 1970.
    public static List<Double> times(String output) {
        return ANSWER.matcher(output)
                .results()
                .map(answer -> Double.parseDouble(answer.group(1)))
                .toList();
    }

    /// Runs a command on a host and reads its report.
    public static PingReport of(TestbedHost host, String... command) {
        Shell.Result result = host.attempt(String.join(" ", command));
        return parse(result.output() + result.errors());
    }

    /// Requests without an answer.
    public int lost() {
        return sent - rttsMs.size();
    }

    /// The longest round trip.
    public double maxMs() {
        return rttsMs.stream().mapToDouble(Double::doubleValue).max().orElse(Double.POSITIVE_INFINITY);
    }

    /// The mean round trip.
    public double meanMs() {
        return rttsMs.stream().mapToDouble(Double::doubleValue).average().orElse(Double.POSITIVE_INFINITY);
    }
}
