package io.onebox.testbed;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `ping` printed, as numbers.
///
/// @param sent requests
/// @param rttsMs round trips in the order of the answers, duplicates left out
public record PingReport(int sent, List<Double> rttsMs) {

    private static final Pattern SENT = Pattern.compile("(\\d+) packets transmitted, (\\d+) received");
    private static final Pattern ANSWER = Pattern.compile("icmp_seq=\\d+ .*time=([0-9.]+) ms$", Pattern.MULTILINE);

    private static final Pattern TIME = Pattern.compile("^\\[([0-9.]+)\\] \\d+ bytes from .*time=", Pattern.MULTILINE);

    public PingReport {
        rttsMs = List.copyOf(rttsMs);
    }

    /// Reads the output of `ping` without `-q`.
    public static PingReport parse(String output) {
        Matcher summary = SENT.matcher(output);
        if (!summary.find()) {
            throw new IllegalStateException("no summary of ping in: " + output);
        }
        List<Double> rtts = ANSWER.matcher(output)
                .results()
                .map(answer -> Double.parseDouble(answer.group(1)))
                .toList();
        return new PingReport(Integer.parseInt(summary.group(1)), rtts);
    }

    /// When the answers came, in seconds since 1970, from the output of `ping -D`.
    public static List<Double> times(String output) {
        return TIME.matcher(output)
                .results()
                .map(answer -> Double.parseDouble(answer.group(1)))
                .toList();
    }

    /// Runs `ping` on a host and reads its report.
    public static PingReport of(TestbedHost host, String arguments) {
        return parse(host.attempt("ping -W 2 " + arguments).output());
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
