package io.onebox.engine.path;

/// When to ask a path for a sign of life, and what the answers mean for its state.
///
/// A path that carries data tells by its acknowledgements; probes fill the pauses.
final class Prober {

    /// While the session carries data, and other intervals: protocol.md, 2.
    private static final long ACTIVE_NS = 100_000_000;

    private static final long IDLE_NS = 1_000_000_000;
    private static final long IDLE_METERED_NS = 25_000_000_000L;

    /// First and greatest pause between the probes of a path that is down.
    private static final long DOWN_FIRST_NS = 200_000_000;

    private static final long DOWN_MOST_NS = 5_000_000_000L;

    /// The same while the session carries data: a link that heals shall help within seconds.
    private static final long DOWN_MOST_ACTIVE_NS = 1_000_000_000L;

    /// Least patience with a probe of a suspect path.
    private static final long SUSPECT_NS = 60_000_000;

    /// Unanswered probes after which a suspect path is down; answers after which it is back.
    private static final int DOWN_AFTER = 3;

    private static final int BACK_AFTER = 3;

    /// Pause between the probes that bring a path back: it shall not take three backoffs. A guess.
    private static final long RETURN_NS = 50_000_000;

    private long lastSentNs = Long.MIN_VALUE / 2;
    private long pauseNs = DOWN_FIRST_NS;
    private int unanswered;
    private int answered;
    private int nextId;

    /// When the next probe is due.
    long dueNs(PathState state, boolean active, boolean metered, long timeoutNs) {
        if (state == PathState.CLOSED) {
            return Long.MAX_VALUE;
        }
        long intervalNs = switch (state) {
            case VALIDATING -> SUSPECT_NS;
            case USABLE -> active ? ACTIVE_NS : metered ? IDLE_METERED_NS : IDLE_NS;
            case SUSPECT -> Math.max(SUSPECT_NS, Math.min(timeoutNs, DOWN_FIRST_NS));
            case DOWN -> answered > 0 ? RETURN_NS : active ? Math.min(pauseNs, DOWN_MOST_ACTIVE_NS) : pauseNs;
            case CLOSED -> 0;
        };
        return lastSentNs + intervalNs;
    }

    /// Takes the next probe id and counts the probe as sent.
    int onProbe(PathState state, long nowNs) {
        lastSentNs = nowNs;
        unanswered++;
        if (state == PathState.DOWN) {
            if (unanswered > 1) {
                answered = 0;
            }
            pauseNs = Math.min(2 * pauseNs, DOWN_MOST_NS);
        }
        return nextId++;
    }

    /// Notes that something was sent that will be acknowledged: as good as a probe.
    void onEliciting(long nowNs) {
        lastSentNs = nowNs;
    }

    /// Lets the next probe go at once.
    void hurry() {
        lastSentNs = Long.MIN_VALUE / 2;
    }

    /// Takes in an answer.
    void onAnswer() {
        unanswered = 0;
        answered++;
    }

    /// Whether enough probes went unanswered for the path to be down.
    boolean isSilent() {
        return unanswered >= DOWN_AFTER;
    }

    /// Whether enough answers came for a path to be back.
    boolean isBack() {
        return answered >= BACK_AFTER;
    }

    /// Counts from zero: the state changed.
    void restart(long nowNs) {
        unanswered = 0;
        answered = 0;
        pauseNs = DOWN_FIRST_NS;
        lastSentNs = Math.min(lastSentNs, nowNs - SUSPECT_NS);
    }
}
