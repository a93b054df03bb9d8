package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long nothing comes back through the tunnel while something is done to it.
final class PingGap {

    /// What an upgrade may take at most, in seconds.
    static final double OF_AN_UPGRADE = 2;

    private static final Pattern ANSWER = Pattern.compile("^\\[(\\d+\\.\\d+)] \\d+ bytes from", Pattern.MULTILINE);

    private static final int UPGRADES = 3;

    private PingGap() {}

    /// The shortest gap of three upgrades, of which each restarts the services: what else the machine does must not
    /// count.
    static double ofUpgrades(SystemdHost client, String to, Runnable awaitTraffic, Runnable upgrade) {
        double shortest = Double.MAX_VALUE;
        for (int i = 0; i < UPGRADES; i++) {
            shortest = Math.min(shortest, during(client, to, awaitTraffic, upgrade));
        }
        return shortest;
    }

    /// Pings every 50 ms.
    ///
    /// @param awaitTraffic waits until the tunnel carries pings
    /// @return the longest time between two answers, in seconds
    private static double during(SystemdHost client, String to, Runnable awaitTraffic, Runnable work) {
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
