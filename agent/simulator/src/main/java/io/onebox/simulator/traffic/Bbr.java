package io.onebox.simulator.traffic;

/// BBR congestion control, version 1: a model of the path's bandwidth and round trip instead of loss.
///
/// Source: Cardwell et al., ACM Queue 14(5), 2016, draft-cardwell-iccrg-bbr-congestion-control-00 and
/// Linux net/ipv4/tcp_bbr.c, without its detection of policers; written anew.
public final class Bbr implements CongestionControl {

    private static final double HIGH_GAIN = 2.885;
    private static final double WINDOW_GAIN = 2;
    private static final double[] CYCLE = {1.25, 0.75, 1, 1, 1, 1, 1, 1};
    private static final double PACING_MARGIN = 0.99;
    private static final double GROWTH = 1.25;
    private static final int ROUNDS_WITHOUT_GROWTH = 3;
    private static final int BANDWIDTH_ROUNDS = 10;
    private static final int AGGREGATION_ROUNDS = 10;
    private static final int LEAST_WINDOW = 4;
    private static final long MIN_RTT_WINDOW_NS = 10_000_000_000L;
    private static final long PROBE_RTT_NS = 200_000_000;
    private static final long MOST_AGGREGATION_NS = 100_000_000;
    private static final double NS_PER_SECOND = 1e9;
    private static final double BURST_SECONDS = 0.001;
    private static final int BURSTS = 3;

    private enum Mode {
        STARTUP,
        DRAIN,
        PROBE_BANDWIDTH,
        PROBE_RTT
    }

    private final WindowedMax bandwidth = new WindowedMax(BANDWIDTH_ROUNDS);
    private final WindowedMax aggregation = new WindowedMax(AGGREGATION_ROUNDS);

    private Mode mode = Mode.STARTUP;
    private int window = INITIAL_WINDOW;
    private int priorWindow;
    private double pacingRate;
    private long minRttNs = Long.MAX_VALUE;
    private long minRttAtNs;

    private long rounds;
    private long nextRoundDelivered;
    private boolean isRoundStart;
    private double fullBandwidth;
    private int fullRounds;
    private boolean isPipeFull;

    private int phase;
    private long phaseNs;
    private long probeRttEndNs;
    private boolean probeRttRoundDone;
    private long limitedUntil;

    private boolean wasInRecovery;
    private boolean conserving;

    private long aggregationStartNs;
    private long aggregated;

    @Override
    public void onEstablished(long rttNs, long nowNs) {
        minRttNs = rttNs;
        minRttAtNs = nowNs;
        pacingRate = HIGH_GAIN * window * NS_PER_SECOND / rttNs;
    }

    @Override
    public void onAck(AckSample sample) {
        updateBandwidth(sample);
        updateAggregation(sample);
        updatePhase(sample);
        checkPipe();
        checkDrain(sample);
        updateMinRtt(sample);
        setPacing();
        setWindow(sample);
    }

    private void updateBandwidth(AckSample sample) {
        isRoundStart = false;
        if (sample.intervalNs == AckSample.NONE) {
            return;
        }
        if (sample.priorDelivered >= nextRoundDelivered) {
            nextRoundDelivered = sample.delivered;
            rounds++;
            isRoundStart = true;
            conserving = false;
        }
        double rate = sample.rateDelivered * NS_PER_SECOND / sample.intervalNs;
        if (sample.priorDelivered >= limitedUntil || rate >= bandwidth.max()) {
            bandwidth.add(rounds, rate);
        }
    }

    /// How much more than the model says arrives at once, because something on the way collects.
    private void updateAggregation(AckSample sample) {
        if (sample.newlyDelivered == 0 || sample.intervalNs == AckSample.NONE) {
            return;
        }
        double expected = bandwidth.max() * (sample.nowNs - aggregationStartNs) / NS_PER_SECOND;
        if (aggregated <= expected) {
            aggregated = 0;
            aggregationStartNs = sample.nowNs;
            expected = 0;
        }
        aggregated = Math.min(aggregated + sample.newlyDelivered, Short.MAX_VALUE);
        aggregation.add(rounds, Math.min(aggregated - expected, window));
    }

    private void updatePhase(AckSample sample) {
        if (mode == Mode.PROBE_BANDWIDTH && isPhaseOver(sample)) {
            phase = (phase + 1) % CYCLE.length;
            phaseNs = sample.nowNs;
        }
    }

    private boolean isPhaseOver(AckSample sample) {
        boolean isFullLength = sample.nowNs - phaseNs > minRttNs;
        double gain = CYCLE[phase];
        if (gain == 1) {
            return isFullLength;
        }
        if (gain > 1) {
            return isFullLength && (sample.newlyLost > 0 || sample.priorInFlight >= inFlightFor(gain));
        }
        return isFullLength || sample.priorInFlight <= inFlightFor(1);
    }

    private void checkPipe() {
        if (isPipeFull || !isRoundStart) {
            return;
        }
        if (bandwidth.max() >= fullBandwidth * GROWTH) {
            fullBandwidth = bandwidth.max();
            fullRounds = 0;
            return;
        }
        isPipeFull = ++fullRounds >= ROUNDS_WITHOUT_GROWTH;
    }

    private void checkDrain(AckSample sample) {
        if (mode == Mode.STARTUP && isPipeFull) {
            mode = Mode.DRAIN;
        }
        if (mode == Mode.DRAIN && sample.inFlight <= inFlightFor(1)) {
            probeBandwidth(sample);
        }
    }

    private void probeBandwidth(AckSample sample) {
        mode = Mode.PROBE_BANDWIDTH;
        phase = 2 + (int) (sample.delivered % (CYCLE.length - 2));
        phaseNs = sample.nowNs;
    }

    private void updateMinRtt(AckSample sample) {
        boolean isExpired = sample.nowNs > minRttAtNs + MIN_RTT_WINDOW_NS;
        if (sample.rttNs != AckSample.NONE && (sample.rttNs <= minRttNs || isExpired)) {
            minRttNs = sample.rttNs;
            minRttAtNs = sample.nowNs;
        }
        if (isExpired && mode != Mode.PROBE_RTT) {
            mode = Mode.PROBE_RTT;
            priorWindow = Math.max(window, priorWindow);
            probeRttEndNs = 0;
        }
        if (mode == Mode.PROBE_RTT) {
            probeRtt(sample);
        }
    }

    private void probeRtt(AckSample sample) {
        limitedUntil = sample.delivered + sample.inFlight;
        if (probeRttEndNs == 0) {
            if (sample.inFlight <= LEAST_WINDOW) {
                probeRttEndNs = sample.nowNs + PROBE_RTT_NS;
                probeRttRoundDone = false;
                nextRoundDelivered = sample.delivered;
            }
            return;
        }
        probeRttRoundDone |= isRoundStart;
        if (probeRttRoundDone && sample.nowNs > probeRttEndNs) {
            minRttAtNs = sample.nowNs;
            window = Math.max(window, priorWindow);
            priorWindow = 0;
            if (isPipeFull) {
                probeBandwidth(sample);
            } else {
                mode = Mode.STARTUP;
            }
        }
    }

    private void setPacing() {
        double rate = pacingGain() * bandwidth.max() * PACING_MARGIN;
        if (isPipeFull || rate > pacingRate) {
            pacingRate = rate;
        }
    }

    private double pacingGain() {
        return switch (mode) {
            case STARTUP -> HIGH_GAIN;
            case DRAIN -> 1 / HIGH_GAIN;
            case PROBE_BANDWIDTH -> CYCLE[phase];
            case PROBE_RTT -> 1;
        };
    }

    private double windowGain() {
        return switch (mode) {
            case STARTUP, DRAIN -> HIGH_GAIN;
            case PROBE_BANDWIDTH -> WINDOW_GAIN;
            case PROBE_RTT -> 1;
        };
    }

    private void setWindow(AckSample sample) {
        if (sample.newlyDelivered > 0) {
            if (!adjustForRecovery(sample)) {
                grow(sample);
            }
        }
        if (mode == Mode.PROBE_RTT) {
            window = Math.min(window, LEAST_WINDOW);
        }
    }

    /// @return whether recovery alone decides
    private boolean adjustForRecovery(AckSample sample) {
        if (sample.newlyLost > 0) {
            window = Math.max(1, window - sample.newlyLost);
        }
        if (wasInRecovery && !sample.inRecovery) {
            window = Math.max(window, priorWindow);
            conserving = false;
        }
        wasInRecovery = sample.inRecovery;
        if (conserving) {
            window = Math.max(window, sample.inFlight + sample.newlyDelivered);
        }
        return conserving;
    }

    private void grow(AckSample sample) {
        int target = inFlightFor(windowGain()) + aggregationAllowance();
        if (isPipeFull) {
            window = Math.min(window + sample.newlyDelivered, target);
        } else if (window < target || sample.delivered < INITIAL_WINDOW) {
            window += sample.newlyDelivered;
        }
        window = Math.max(window, LEAST_WINDOW);
    }

    private int aggregationAllowance() {
        if (!isPipeFull) {
            return 0;
        }
        return (int) Math.min(aggregation.max(), bandwidth.max() * MOST_AGGREGATION_NS / NS_PER_SECOND);
    }

    /// Segments in flight at `gain` times the bandwidth, with room for the bursts of both ends.
    private int inFlightFor(double gain) {
        double product = gain * bandwidth.max() * minRttNs / NS_PER_SECOND;
        int burst = (int) Math.clamp(pacingRate * BURST_SECONDS, 2, 44);
        int segments = (int) Math.ceil(product) + BURSTS * burst;
        segments += segments & 1;
        return mode == Mode.PROBE_BANDWIDTH && phase == 0 ? segments + 2 : segments;
    }

    @Override
    public void onRecovery(AckSample sample) {
        saveWindow();
        conserving = true;
        wasInRecovery = true;
        nextRoundDelivered = sample.delivered;
        window = sample.inFlight + Math.max(1, sample.newlyDelivered);
    }

    @Override
    public void onRecovered() {
        // The next acknowledgement finds recovery over and restores the window.
    }

    @Override
    public void onMarked(AckSample sample) {
        // Version 1 ignores marks.
    }

    @Override
    public void onTimeout(int inFlight) {
        saveWindow();
        wasInRecovery = true;
        conserving = false;
        fullBandwidth = 0;
        window = inFlight + 1;
    }

    private void saveWindow() {
        boolean keepsPrior = wasInRecovery || mode == Mode.PROBE_RTT;
        priorWindow = keepsPrior ? Math.max(priorWindow, window) : window;
    }

    @Override
    public void onUndo() {
        fullBandwidth = 0;
        fullRounds = 0;
        window = Math.max(window, priorWindow);
        conserving = false;
    }

    @Override
    public int window() {
        return window;
    }

    @Override
    public double segmentsPerSecond() {
        return pacingRate;
    }
}
