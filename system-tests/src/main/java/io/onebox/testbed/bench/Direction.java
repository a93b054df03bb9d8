package io.onebox.testbed.bench;

import java.util.Locale;

/// Which way the payload flows, as the client sees it.
enum Direction {
    UP(""),
    DOWN("-R");

    private final String option;

    Direction(String option) {
        this.option = option;
    }

    /// What `iperf3` wants to hear at the client.
    String option() {
        return option;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
