package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long nothing comes back through the tunnel while something is done to it.
final class PingGap {

    /// What an upgrade may take at most, in seconds.
    static final double OF_AN_UPGRADE = 2;

    private static final Pattern ANSWER = Pattern.compile("^\\[(\\d+\\.\\d+)] \\d+ bytes from", Pattern.MULTILINE);

    private PingGap() {}

    /// Pings every 50 ms.
    ///
    /// @param awaitTraffic waits until the tunnel carries pings
    /// @return the longest time between two answers, in seconds
    static double during(SystemdHost client, String to, Runnable awaitTraffic, Runnable work) {
        awaitTraffic.run();
        client.run("ping -D -i 0.05 " + to + " > /tmp/pings 2>&1 & echo $! > /tmp/ping.pid");
        work.run();
        awaitTraffic.run();
        client.run("kill -INT $(cat /tmp/ping.pid)");
        Matcher answers = ANSWER.matcher(client.run("cat /tmp/pings"));
        double longest = 0;
        double last = Double.NaN;
        while (answers.find()) {
            double at = Double.parseDouble(answers.group(1));
            longest = Math.max(longest, Double.isNaN(last) ? 0 : at - last);
            last = at;
        }
        assertThat(last).as("any answer").isNotNaN();
        return longest;
    }
}
