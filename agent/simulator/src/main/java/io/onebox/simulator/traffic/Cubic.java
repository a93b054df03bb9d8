package io.onebox.simulator.traffic;

/// CUBIC congestion control, the default of most systems.
///
/// Source: RFC 9438 (window growth), Linux net/ipv4/tcp_cubic.c (HyStart: Ha and Rhee, 2011), RFC 6937
/// (proportional rate reduction); written anew.
public final class Cubic implements CongestionControl {

    private static final double BETA = 0.7;
    private static final double SCALE = 0.4;
    private static final double FRIENDLY = 3 * (1 - BETA) / (1 + BETA);
    private static final double NS_PER_SECOND = 1e9;
    private static final double SLOWEST_GROWTH = 100;
    private static final double FASTEST_GROWTH = 2;

    private double window = INITIAL_WINDOW;
    private double threshold = Double.MAX_VALUE;
    private double priorWindow;
    private double priorThreshold;
    private double priorLastMaximum;

    private double lastMaximum;
    private double origin;
    private double friendlyWindow;
    private double secondsToOrigin;
    private long epochNs = -1;

    private boolean reducing;
    private double reductionDelivered;
    private double reductionSent;
    private double reductionFlight;

    private final HyStart hyStart = new HyStart();

    @Override
    public void onEstablished(long rttNs, long nowNs) {
        // Cubic learns the round trip from acknowledgements.
    }

    @Override
    public void onAck(AckSample sample) {
        if (reducing) {
            reduce(sample);
            return;
        }
        if (sample.newlyDelivered == 0) {
            return;
        }
        if (window < threshold) {
            if (hyStart.isPast(sample, window)) {
                threshold = window;
            }
            if (sample.isWindowLimited) {
                window = Math.min(window + sample.newlyDelivered, Math.max(threshold, window));
            }
        } else if (sample.isWindowLimited) {
            avoidCongestion(sample);
        }
    }

    private void avoidCongestion(AckSample sample) {
        if (epochNs < 0) {
            epochNs = sample.nowNs;
            friendlyWindow = window;
            origin = Math.max(window, lastMaximum);
            secondsToOrigin = Math.cbrt((origin - window) / SCALE);
        }
        double seconds = (sample.nowNs - epochNs + sample.minRttNs) / NS_PER_SECOND - secondsToOrigin;
        double target = Math.min(origin + SCALE * seconds * seconds * seconds, 1.5 * window);
        friendlyWindow += FRIENDLY * sample.newlyDelivered / window;
        target = Math.max(target, friendlyWindow);
        double acksPerSegment = target > window ? window / (target - window) : SLOWEST_GROWTH * window;
        window += sample.newlyDelivered / Math.max(FASTEST_GROWTH, acksPerSegment);
    }

    @Override
    public void onRecovery(AckSample sample) {
        lower();
        reducing = true;
        reductionDelivered = 0;
        reductionSent = 0;
        reductionFlight = Math.max(1, sample.priorInFlight);
        window = sample.inFlight + 1;
    }

    @Override
    public void onMarked(AckSample sample) {
        lower();
        window = threshold;
    }

    private void lower() {
        priorWindow = window;
        priorThreshold = threshold;
        priorLastMaximum = lastMaximum;
        epochNs = -1;
        lastMaximum = window < lastMaximum ? window * (1 + BETA) / 2 : window;
        threshold = Math.max(2, window * BETA);
    }

    /// Proportional rate reduction: the window follows what is delivered down to the threshold.
    private void reduce(AckSample sample) {
        reductionDelivered += sample.newlyDelivered;
        double sent;
        if (sample.inFlight > threshold) {
            sent = Math.ceil(reductionDelivered * threshold / reductionFlight) - reductionSent;
        } else {
            double missing = threshold - sample.inFlight;
            double limit = Math.max(reductionDelivered - reductionSent, sample.newlyDelivered) + 1;
            sent = Math.min(missing, limit);
        }
        sent = Math.max(sent, reductionSent == 0 ? 1 : 0);
        window = sample.inFlight + Math.max(0, sent);
        reductionSent += Math.max(0, sent);
    }

    @Override
    public void onRecovered() {
        if (reducing) {
            window = threshold;
            reducing = false;
        }
    }

    @Override
    public void onTimeout(int inFlight) {
        lower();
        reducing = false;
        window = inFlight + 1.0;
        hyStart.restart();
    }

    @Override
    public void onUndo() {
        window = Math.max(window, priorWindow);
        threshold = Math.max(threshold, priorThreshold);
        lastMaximum = priorLastMaximum;
        reducing = false;
        epochNs = -1;
    }

    @Override
    public int window() {
        return (int) Math.max(1, window);
    }

    @Override
    public double segmentsPerSecond() {
        return 0;
    }
}
