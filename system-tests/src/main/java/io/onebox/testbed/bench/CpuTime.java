package io.onebox.testbed.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How all processors have spent their time since the machine started, in ticks. On a machine that is out of
/// processor time a measurement says nothing about the tunnel.
///
/// @param total all of it
/// @param idle nothing to do, or waiting for a disk
/// @param stolen taken by other virtual machines
record CpuTime(long total, long idle, long stolen) {

    // proc(5), line "cpu": user nice system idle iowait irq softirq steal; guest times are in user already.
    private static final int IDLE = 3;
    private static final int IOWAIT = 4;
    private static final int STEAL = 7;

    /// Now.
    static CpuTime now() {
        try {
            return parse(Files.readString(Path.of("/proc/stat")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads the first line of `/proc/stat`.
    static CpuTime parse(String stat) {
        String[] words = stat.lines().findFirst().orElseThrow().split("\\s+", -1);
        long total = 0;
        var ticks = new long[STEAL + 1];
        for (int i = 0; i <= STEAL; i++) {
            ticks[i] = Long.parseLong(words[i + 1]);
            total += ticks[i];
        }
        return new CpuTime(total, ticks[IDLE] + ticks[IOWAIT], ticks[STEAL]);
    }

    /// Share of time without work since then, in `0..1`.
    double idleShare(CpuTime since) {
        return (idle - since.idle) / (double) Math.max(1, total - since.total);
    }

    /// Share of time others took since then.
    double stolenShare(CpuTime since) {
        return (stolen - since.stolen) / (double) Math.max(1, total - since.total);
    }
}
