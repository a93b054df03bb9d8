package io.onebox.engine.path;

/// The state of a path and what changes it: answers, silence, and the news of its link.
///
/// Only [#become] writes the state. A path that carries data proves itself by acknowledgements; a path
/// that does not, by probes.
public final class PathLife {

    /// Least patience with missing acknowledgements: protocol.md, 2, *Failover*.
    private static final long MIN_TIMEOUT_NS = 40_000_000;

    /// The same for what was sent over a path that was in doubt already; a guess.
    private static final long MIN_TIMEOUT_IN_DOUBT_NS = 150_000_000;

    private final RttEstimator rtt;
    private final Prober prober = new Prober();
    private PathState state = PathState.VALIDATING;
    private long lastProofNs = Long.MIN_VALUE / 2;
    private long forgivenNs = Long.MIN_VALUE / 2;
    private boolean asked;
    private boolean linkPresent = true;
    private String reason = "no answer yet";

    PathLife(RttEstimator rtt) {
        this.rtt = rtt;
    }

    /// Where the path is.
    public PathState state() {
        return state;
    }

    /// Why it is there, in a few words.
    public String reason() {
        return reason;
    }

    /// Whether its link is there.
    public boolean isLinkPresent() {
        return linkPresent;
    }

    /// When the peer last proved that our messages reach it.
    public long lastProofNs() {
        return lastProofNs;
    }

    /// The peer proved that our messages reach it.
    void onProof(long nowNs) {
        lastProofNs = nowNs;
        asked = false;
        if (state == PathState.SUSPECT) {
            become(PathState.USABLE, "acknowledged");
            prober.restart(nowNs);
        }
    }

    /// A probe was answered.
    void onAnswer(long nowNs) {
        lastProofNs = nowNs;
        asked = false;
        prober.onAnswer();
        switch (state) {
            case VALIDATING -> become(PathState.USABLE, "answered");
            case SUSPECT -> become(PathState.USABLE, "answered");
            case DOWN -> {
                if (prober.isBack()) {
                    become(PathState.USABLE, "answers again");
                }
            }
            case USABLE, CLOSED -> {}
        }
    }

    /// Something was sent that will be acknowledged. Only a usable path needs no probe then: what goes
    /// over a path in doubt, for want of a better one, must not put off the probe that could clear it.
    void onEliciting(long nowNs) {
        if (state == PathState.USABLE) {
            prober.onEliciting(nowNs);
        }
    }

    /// When missing acknowledgements make the path suspect, or what is in flight on it lost, or
    /// `Long.MAX_VALUE`.
    ///
    /// @param oldestSentNs when the oldest message in flight was sent
    public long overdueNs(long oldestSentNs) {
        if (state == PathState.CLOSED || oldestSentNs == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long ackNs = AckCollector.intervalNs(rtt.minNs());
        if (state != PathState.USABLE) {
            return oldestSentNs + Math.max(rtt.timeoutNs() + ackNs, MIN_TIMEOUT_IN_DOUBT_NS);
        }
        long waitedSinceNs = Math.max(oldestSentNs, Math.max(lastProofNs, forgivenNs));
        return waitedSinceNs + Math.max(rtt.timeoutNs() + ackNs, MIN_TIMEOUT_NS);
    }

    /// Another path has just become doubtful: acknowledgements of this one may have been on it.
    public void forgive(long nowNs) {
        forgivenNs = nowNs;
    }

    /// Acknowledgements are overdue, but of so few messages that plain loss may have taken them: asks the path
    /// once, with a probe that goes at once.
    ///
    void ask(long nowNs) {
        asked = true;
        hurryProbe(nowNs);
    }

    /// Whether it was asked and has not answered yet.
    boolean isAsked() {
        return asked;
    }

    /// Acknowledgements are overdue, or the kernel refused to send.
    ///
    /// @return whether the path was usable
    public boolean suspect(String why, long nowNs) {
        if (state != PathState.USABLE) {
            return false;
        }
        become(PathState.SUSPECT, why);
        prober.restart(nowNs);
        return true;
    }

    /// When the next probe is due.
    public long probeDueNs(boolean active, boolean metered) {
        return linkPresent ? prober.dueNs(state, active, metered, rtt.timeoutNs()) : Long.MAX_VALUE;
    }

    /// Lets the next probe go at once.
    public void hurryProbe(long nowNs) {
        if (state == PathState.USABLE) {
            prober.hurry();
        }
    }

    /// Takes the id of a probe that is sent now.
    public int onProbe(long nowNs) {
        if (state == PathState.SUSPECT && prober.isSilent()) {
            become(PathState.DOWN, "no answer to probes");
            prober.restart(nowNs);
        }
        return prober.onProbe(state, nowNs);
    }

    /// The link is gone: carrier, address, route or interface.
    public void onLinkGone(long nowNs) {
        linkPresent = false;
        if (state != PathState.DOWN && state != PathState.CLOSED) {
            become(PathState.DOWN, "link gone");
        }
        prober.restart(nowNs);
    }

    /// The link is there.
    public void onLinkPresent(long nowNs) {
        linkPresent = true;
        if (state == PathState.DOWN) {
            reason = "link back, no answer yet";
        }
        prober.restart(nowNs);
    }

    /// The path is known to work by other means: a plain WireGuard peer has no probes.
    public void onPlainPeer(long nowNs) {
        lastProofNs = nowNs;
        if (state != PathState.USABLE && state != PathState.CLOSED) {
            become(PathState.USABLE, "plain WireGuard");
        }
    }

    /// Nothing will ever be sent again.
    public void close(String why) {
        if (state != PathState.CLOSED) {
            become(PathState.CLOSED, why);
        }
    }

    private void become(PathState next, String why) {
        assert state.canBecome(next) : state + " -> " + next;
        state = next;
        reason = why;
    }
}
