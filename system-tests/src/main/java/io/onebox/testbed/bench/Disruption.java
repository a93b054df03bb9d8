package io.onebox.testbed.bench;

import io.onebox.testbed.TestbedLink;
import io.onebox.testbed.WayToLose;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A link lost and given back.
///
/// @param lostNs when it was lost
/// @param restoredNs when it had carrier, address and routes again
record Disruption(TestbedLink link, WayToLose way, long lostNs, long restoredNs) {

    private static final long NS_PER_SECOND = 1_000_000_000;
    private static final int CALM_SECONDS = 4;
    private static final int AWAY_SECONDS = 3;

    /// How long [#all] takes.
    static int seconds(int links) {
        return links * WayToLose.values().length * (CALM_SECONDS + AWAY_SECONDS) + CALM_SECONDS + 1;
    }

    /// Loses each link in turn in each way, with calm in between.
    static List<Disruption> all(List<TestbedLink> links) {
        List<Disruption> disruptions = new ArrayList<>();
        for (TestbedLink link : links) {
            for (WayToLose way : WayToLose.values()) {
                pause(CALM_SECONDS);
                long lostNs = System.nanoTime();
                way.apply(link);
                pause(AWAY_SECONDS);
                link.restore();
                disruptions.add(new Disruption(link, way, lostNs, System.nanoTime()));
            }
        }
        return disruptions;
    }

    /// Lets time pass while traffic flows.
    static void pause(int seconds) {
        long endNs = System.nanoTime() + seconds * NS_PER_SECOND;
        while (System.nanoTime() < endNs) {
            LockSupport.parkNanos(endNs - System.nanoTime());
        }
    }
}
