package io.onebox.engine.path;

/// How fast to send on a path, found by trying: no speeds typed in.
///
/// ```
///           plateau or queue            queue gone
///   START ------------------> DRAIN ------------------> PROBE: 1.20, 0.85, 8 x 0.98 of the estimate
///                                                              1.70, 0.85, 3 x 0.98 on a link that varies
/// ```
///
/// The estimate is the greatest delivery rate of the recent past (BBR: Cardwell et al., ACM Queue 2016).
/// A delay that strays is no queue: [QueueDelay#noiseNs] is taken off first. A standing queue lowers the pace whatever
/// the phase: the bond queues before the paths, not in modems. Random loss is ignored. All constants are those of
/// protocol.md 2, found with a prototype on 50/20 Mbit/s and 20/80 ms, unless said.
public final class RateModel {

    /// Before anything is known: 20 Mbit/s, a guess; how much leaves is bounded by the first window.
    static final long INITIAL_BYTES_PER_SECOND = 2_500_000;

    /// Never slower, so that a path can always find out that it got better: 128 kbit/s, a guess.
    static final long LEAST_BYTES_PER_SECOND = 16_000;

    private static final long MIN_ROUND_NS = 40_000_000;
    private static final long MIN_WINDOW_NS = 2_000_000_000L;
    private static final int WINDOW_ROUND_TRIPS = 10;

    private static final double START_GAIN = 2.0;
    private static final double START_GROWTH = 1.25;
    private static final int START_PLATEAU_ROUNDS = 3;
    private static final double DRAIN_GAIN = 0.7;
    private static final double[] CYCLE = {1.20, 0.85, 0.98, 0.98, 0.98, 0.98, 0.98, 0.98, 0.98, 0.98};

    /// A queue this long in the newest report ends the search: the link is full.
    private static final long START_END_NS = 10_000_000;

    /// One report may be jitter.
    private static final int START_END_REPORTS = 2;

    private static final long DRAINED_NS = 6_000_000;
    private static final long PROBE_END_NS = 15_000_000;
    /// Growth that shows a probe found more, the round of the cycle in which that is seen, and how often it
    /// has to be seen in a row. Guesses.
    private static final double PROBE_GROWTH = 1.1;

    private static final int SEEN_ROUND = 2;
    private static final int GROWTHS = 2;

    private static final long QUEUE_LOW_NS = 12_000_000;
    private static final long QUEUE_MIDDLE_NS = 25_000_000;
    private static final long QUEUE_HIGH_NS = 60_000_000;

    /// A delivery this far below the estimate, behind a queue, means that the link got slower: the estimate follows,
    /// in steps, because one report may be a radio that paused.
    private static final double COLLAPSED = 0.8;

    private static final double COLLAPSE_STEP = 0.9;

    /// A link that got much slower will get faster: for some time it is asked more often, and for more. Found with the
    /// simulator on a wave between 5 and 60 Mbit/s (`RadioTrace`), see decisions 0017 and 0051.
    private static final double VARIED = 0.7;

    private static final long VARIES_NS = 5_000_000_000L;

    private static final int VARYING_ROUNDS = 5;
    private static final double VARYING_GAIN = 1.7;

    private static final double LOSS_FLOOR = 0.02;
    private static final double LOSS_BACKOFF = 0.85;

    /// How much of what a train measured is believed. A guess.
    private static final double TRAIN_SHARE = 0.95;

    private enum Phase {
        START,
        DRAIN,
        PROBE
    }

    private final WindowedMax deliveries = new WindowedMax(MIN_WINDOW_NS);
    private Phase phase = Phase.START;
    private long estimate;
    private long activeNs;
    private long lastReportNs;
    private long roundEndNs;
    private int cycle;
    private long plateauEstimate;
    private int plateauRounds;
    private int fullReports;
    private long probedEstimate;
    private int growths;
    private double gain = START_GAIN;
    private long collapsedNs = Long.MIN_VALUE / 2;
    private long variedNs = Long.MIN_VALUE / 2;
    private long peak;
    private boolean varies;
    private boolean trained;

    /// Takes in a report of the peer, which `queue` has seen before.
    ///
    /// @param sample bytes per second, or [DeliveryRate#NONE]
    /// @param isLimited whether the sample says what was offered rather than what the path can do
    public void onReport(long sample, boolean isLimited, QueueDelay queue, long minRttNs, long nowNs) {
        long noiseNs = queue.noiseNs();
        long queueNs = Math.max(0, queue.queueNs() - noiseNs);
        // Behind a queue it is the link that limits, whatever the application offers.
        boolean full = sample != DeliveryRate.NONE && (!isLimited || queueNs > QUEUE_MIDDLE_NS);
        if (full) {
            activeNs += Math.min(nowNs - lastReportNs, MIN_ROUND_NS);
        }
        lastReportNs = nowNs;
        if (full || sample > estimate) {
            deliveries.window(Math.max(MIN_WINDOW_NS, WINDOW_ROUND_TRIPS * minRttNs), activeNs);
            deliveries.add(sample, activeNs);
        }
        if (full && queueNs > QUEUE_MIDDLE_NS && sample < COLLAPSED * estimate) {
            follow(Math.max(sample, (long) (COLLAPSE_STEP * estimate)), nowNs);
        }
        long greatest = deliveries.max(activeNs);
        if (greatest > 0) {
            estimate = greatest;
        }
        onQueue(queueNs, queue.latestQueueNs() - noiseNs, nowNs);
        if (nowNs >= roundEndNs) {
            varies = nowNs - variedNs < VARIES_NS;
            endRound(full, queueNs);
            roundEndNs = nowNs + Math.max(minRttNs, MIN_ROUND_NS);
        }
    }

    /// Takes in the loss of a round; lowers the estimate if it is congestion and not radio.
    public void onRoundLoss(double roundRatio, double baseline, long queueNs) {
        boolean excessive = roundRatio > Math.max(LOSS_FLOOR, 2 * baseline);
        if (excessive && queueNs > QUEUE_LOW_NS && estimate > 0) {
            deliveries.reset((long) (estimate * LOSS_BACKOFF), activeNs);
            estimate = deliveries.max(activeNs);
        }
    }

    /// Bytes per second the path is believed to carry, or 0 if not known.
    public long estimate() {
        return estimate;
    }

    /// Bytes per second to send now.
    public long pace() {
        long pace = estimate == 0 ? INITIAL_BYTES_PER_SECOND : (long) (estimate * gain);
        return Math.max(pace, phase == Phase.START ? INITIAL_BYTES_PER_SECOND : LEAST_BYTES_PER_SECOND);
    }

    /// Whether the capacity is still being searched for: the path wants data to learn from.
    public boolean isSearching() {
        return phase == Phase.START;
    }

    /// Whether the capacity fell by much within the last seconds.
    public boolean varies() {
        return varies;
    }

    /// Whether nothing is known but what trains told.
    public boolean isUntried() {
        return activeNs == 0;
    }

    /// Takes in what a [PacketTrain] measured, unless more is known already; the least of several counts. What it
    /// measured exactly does not have to be searched.
    public void learn(long bytesPerSecond, boolean exact) {
        long believed = (long) (TRAIN_SHARE * bytesPerSecond);
        if (isUntried() && (!trained || believed < estimate)) {
            trained = true;
            estimate = believed;
            deliveries.reset(estimate, activeNs);
            if (exact && phase == Phase.START) {
                become(Phase.PROBE);
                cycle = SEEN_ROUND;
                gain = phaseGain();
            }
        }
    }

    /// Starts to search anew, keeping the estimate until something better is known: after the path was
    /// down, it may not be what it was.
    public void restart() {
        phase = estimate == 0 ? Phase.START : Phase.PROBE;
        cycle = 0;
    }

    /// The link got slower: so does the estimate. By much, and the link is one that varies.
    private void follow(long bytesPerSecond, long nowNs) {
        if (nowNs - collapsedNs > VARIES_NS || estimate > peak) {
            peak = estimate;
        }
        collapsedNs = nowNs;
        deliveries.reset(bytesPerSecond, activeNs);
        if (bytesPerSecond < VARIED * peak) {
            variedNs = nowNs;
        }
    }

    private void onQueue(long queueNs, long latestQueueNs, long nowNs) {
        switch (phase) {
            case START -> {
                fullReports = estimate > 0 && latestQueueNs > START_END_NS ? fullReports + 1 : 0;
                if (fullReports >= START_END_REPORTS) {
                    become(Phase.DRAIN);
                }
            }
            case DRAIN -> {
                if (latestQueueNs < DRAINED_NS) {
                    become(Phase.PROBE);
                    cycle = 2;
                    roundEndNs = nowNs;
                }
            }
            case PROBE -> {
                if (cycle == 0 && queueNs > PROBE_END_NS) {
                    roundEndNs = nowNs;
                }
            }
        }
        gain = Math.min(phaseGain(), queueGain(queueNs));
    }

    private void endRound(boolean full, long queueNs) {
        switch (phase) {
            case START -> {
                if (estimate >= START_GROWTH * plateauEstimate) {
                    plateauEstimate = estimate;
                    plateauRounds = 0;
                } else if (full && ++plateauRounds >= START_PLATEAU_ROUNDS) {
                    become(Phase.DRAIN);
                }
            }
            case DRAIN -> {}
            case PROBE -> nextRound();
        }
        gain = Math.min(phaseGain(), queueGain(queueNs));
    }

    /// A probe that found more is repeated at once, and two in a row start the search anew: the link got
    /// faster, or was never known.
    private void nextRound() {
        if (cycle == SEEN_ROUND && estimate >= PROBE_GROWTH * probedEstimate) {
            cycle = 0;
            growths++;
        } else {
            growths = cycle == SEEN_ROUND ? 0 : growths;
            cycle = (cycle + 1) % (varies ? VARYING_ROUNDS : CYCLE.length);
        }
        if (cycle == 0) {
            probedEstimate = estimate;
        }
        if (growths >= GROWTHS) {
            growths = 0;
            plateauEstimate = estimate;
            plateauRounds = 0;
            fullReports = 0;
            become(Phase.START);
        }
    }

    private void become(Phase next) {
        phase = next;
    }

    private double phaseGain() {
        return switch (phase) {
            case START -> START_GAIN;
            case DRAIN -> DRAIN_GAIN;
            case PROBE -> cycle == 0 && varies ? VARYING_GAIN : CYCLE[cycle];
        };
    }

    private double queueGain(long queueNs) {
        if (phase == Phase.START) {
            return START_GAIN;
        }
        if (queueNs > QUEUE_HIGH_NS) {
            return 0.60;
        }
        if (queueNs > QUEUE_MIDDLE_NS) {
            return 0.80;
        }
        return queueNs > QUEUE_LOW_NS ? 0.95 : START_GAIN;
    }
}
