package io.onebox.testbed.bench;

/// How long and how often each thing is measured.
///
/// @param warmUpSeconds in front of each run, not counted
/// @param seconds of each run
/// @param runs of the bond and its peers; their median counts
/// @param aloneRuns of the links alone
record Pace(int warmUpSeconds, int seconds, int runs, int aloneRuns) {

    /// As the table of promises asks for.
    static final Pace FULL = new Pace(5, 15, 3, 3);

    /// For somebody who changes the engine and wants to know now.
    static final Pace QUICK = new Pace(4, 8, 1, 1);
}
