package io.onebox.engine.path;

/// The largest IP packet that a path carries towards the peer, found by probes alone (RFC 8899): what routers say
/// about it is neither needed nor believed.
///
/// ```
///            ladder: probes of all common sizes at once, the largest first; thrice
///   LADDER ------------------------------------------------------------------------> BISECT --> IDLE
///      ^     between the largest answered and the smallest unanswered size: halves     |         |
///      +---- time to try larger ones, or large packets are lost while small ones arrive ---------+
/// ```
///
/// The answer to the first rung arrives first, so a usual path knows its size as soon as it is usable. Losses of
/// large packets are a suspicion only: a ladder decides whether the path became narrower, so that a link that was
/// dead for a while keeps its size.
public final class MtuSearch {

    /// Every path carries this: IPv6 demands it (RFC 8200, section 5), and links of IPv4 have it.
    public static final int BASE_BYTES = 1_280;

    /// Largest packet searched for: Ethernet's. More does not fit a [io.onebox.engine.packet.Packet].
    public static final int MAX_BYTES = 1_500;

    /// Ethernet, PPPoE, a tunnel in IPv4, in IPv6, and what LTE and tunnels in tunnels leave. A guess.
    private static final int[] RUNGS = {MAX_BYTES, 1_492, 1_480, 1_460, 1_440, 1_420, 1_400, 1_380, 1_340, BASE_BYTES};

    /// Probes of a size before it is given up: three as in RFC 8899, section 5.1.2, and two where a mistake is
    /// mended soon.
    private static final int ROUNDS = 3;

    private static final int QUICK_ROUNDS = 2;

    /// The search ends when it is this exact. A guess: half a per cent of a packet.
    private static final int PRECISION_BYTES = 8;

    /// Large packets lost in a row, none arriving between, that make a path suspicious. A guess.
    private static final int SUSPICIOUS_LOSSES = 3;

    /// Pause between two ladders that suspicion asks for. A guess.
    private static final long SUSPICION_PAUSE_NS = 1_000_000_000;

    /// Pause before larger sizes are tried again, doubled up to PMTU_RAISE_TIMER (RFC 8899, section 5.1.1).
    private static final long FIRST_RAISE_NS = 60_000_000_000L;

    /// The same for a path that was wider before: bad weather looks like a narrow path, and costs the tunnel its MTU
    /// until it is tried again. A guess.
    private static final long AGAIN_NS = 1_000_000_000;

    private static final long MOST_RAISE_NS = 600_000_000_000L;

    private enum Phase {
        LADDER,
        BISECT,
        IDLE
    }

    private int limitBytes = MAX_BYTES;
    private int confirmedBytes;
    private boolean assumed;

    private Phase phase = Phase.LADDER;
    private boolean doubting;
    private int answeredBytes;
    private int ceilingBytes;
    private int rung = -1;
    private int rounds;
    private long waitNs;
    private long raisePauseNs = FIRST_RAISE_NS;
    private long suspicionNs = Long.MIN_VALUE / 2;
    private int lossesInRow;
    private int leastLostBytes = Integer.MAX_VALUE;

    /// Whether anything is known of the path.
    public boolean isKnown() {
        return assumed || confirmedBytes > 0;
    }

    /// Largest IP packet that is known to pass.
    public int mtuBytes() {
        if (assumed) {
            return limitBytes;
        }
        return confirmedBytes == 0 ? BASE_BYTES : Math.min(confirmedBytes, limitBytes);
    }

    /// Sets what the local interface takes. A larger one is searched, a smaller one obeyed at once.
    public void limit(int interfaceBytes) {
        int changed = Math.clamp(interfaceBytes, BASE_BYTES, MAX_BYTES);
        if (changed == limitBytes) {
            return;
        }
        limitBytes = changed;
        confirmedBytes = Math.min(confirmedBytes, changed);
        startLadder(confirmedBytes, false);
    }

    /// The path leads through another network now: larger packets are tried at once, and smaller ones when large ones
    /// are lost.
    public void onPathChanged() {
        raisePauseNs = FIRST_RAISE_NS;
        startLadder(confirmedBytes, false);
    }

    /// Takes the limit for granted: the peer does not answer probes.
    void assume(boolean assumed) {
        this.assumed = assumed;
    }

    /// When [#nextProbe] may have one.
    public long dueNs(PathState state) {
        if (!mayProbe(state)) {
            return Long.MAX_VALUE;
        }
        return phase == Phase.IDLE && mtuBytes() >= limitBytes ? Long.MAX_VALUE : waitNs;
    }

    /// Size of the IP packet to probe with now, or 0. Ask until it is 0.
    ///
    /// @param patienceNs how long an answer takes at the most
    public int nextProbe(PathState state, long patienceNs, long nowNs) {
        if (isSuspicious(state, nowNs)) {
            suspicionNs = nowNs;
            startLadder(0, true);
        }
        if (nowNs < waitNs || !mayProbe(state)) {
            return 0;
        }
        return switch (phase) {
            case LADDER -> rounds < rounds(state) ? climb(patienceNs, nowNs) : endLadder(patienceNs, nowNs);
            case BISECT -> bisect(patienceNs, nowNs);
            case IDLE -> {
                if (mtuBytes() >= limitBytes) {
                    yield 0;
                }
                startLadder(confirmedBytes, false);
                yield climb(patienceNs, nowNs);
            }
        };
    }

    /// A probe of `bytes` was answered.
    public void onAnswer(int bytes, long nowNs) {
        int size = Math.min(bytes, limitBytes);
        answeredBytes = Math.max(answeredBytes, size);
        if (doubting && size < confirmedBytes) {
            return;
        }
        confirmedBytes = Math.max(confirmedBytes, size);
        if (phase == Phase.BISECT && answeredBytes < ceilingBytes) {
            rounds = 0;
            waitNs = nowNs;
        } else if (doubting || confirmedBytes >= limitBytes) {
            rest(nowNs);
        }
    }

    /// A packet of `bytes` arrived.
    void onAcknowledged(int bytes) {
        if (bytes >= leastLostBytes) {
            trust();
        }
    }

    /// A packet of `bytes` did not arrive, or so it seems.
    void onLost(int bytes) {
        if (bytes > BASE_BYTES) {
            lossesInRow++;
            leastLostBytes = Math.min(leastLostBytes, bytes);
        }
    }

    private void trust() {
        lossesInRow = 0;
        leastLostBytes = Integer.MAX_VALUE;
    }

    private boolean mayProbe(PathState state) {
        return switch (state) {
            case VALIDATING -> rounds == 0;
            case USABLE, SUSPECT -> true;
            case DOWN, CLOSED -> false;
        };
    }

    private boolean isSuspicious(PathState state, long nowNs) {
        return lossesInRow >= SUSPICIOUS_LOSSES
                && state == PathState.USABLE
                && phase == Phase.IDLE
                && nowNs - suspicionNs >= SUSPICION_PAUSE_NS;
    }

    /// @param fromBytes sizes up to this are known to pass
    private void startLadder(int fromBytes, boolean inDoubt) {
        phase = Phase.LADDER;
        doubting = inDoubt;
        answeredBytes = fromBytes;
        rung = -1;
        rounds = 0;
        waitNs = 0;
        trust();
    }

    private int rounds(PathState state) {
        return doubting ? QUICK_ROUNDS : state == PathState.VALIDATING ? 1 : ROUNDS;
    }

    /// The next rung above what was answered, or 0 at the end of a round. A doubt is mostly a burst of losses: its
    /// first round asks only for the size that is in doubt, and for life.
    private int climb(long patienceNs, long nowNs) {
        int top = doubting ? confirmedBytes : limitBytes;
        boolean asksAll = !doubting || rounds > 0;
        while (rung < RUNGS.length) {
            int size = rung < 0 ? top : RUNGS[rung];
            rung++;
            boolean isWanted = rung == 0 || size == BASE_BYTES || asksAll;
            if (isWanted && size > answeredBytes && size <= top && (rung == 0 || size < top)) {
                return size;
            }
        }
        rung = -1;
        rounds++;
        waitNs = nowNs + patienceNs;
        return 0;
    }

    private int endLadder(long patienceNs, long nowNs) {
        if (doubting && answeredBytes == 0) {
            rest(nowNs); // Nothing arrived at all: the path is dead, not narrow.
            return 0;
        }
        confirmedBytes = Math.max(answeredBytes, BASE_BYTES);
        if (doubting) {
            raisePauseNs = AGAIN_NS;
        }
        doubting = false;
        answeredBytes = confirmedBytes;
        ceilingBytes = limitBytes;
        for (int size : RUNGS) {
            if (size > answeredBytes && size < ceilingBytes) {
                ceilingBytes = size;
            }
        }
        phase = Phase.BISECT;
        rounds = 0;
        return bisect(patienceNs, nowNs);
    }

    private int bisect(long patienceNs, long nowNs) {
        if (rounds == QUICK_ROUNDS) {
            ceilingBytes = middle();
            rounds = 0;
        }
        if (ceilingBytes - answeredBytes <= PRECISION_BYTES) {
            rest(nowNs);
            return 0;
        }
        rounds++;
        waitNs = nowNs + patienceNs;
        return middle();
    }

    private int middle() {
        return (answeredBytes + ceilingBytes) / 2;
    }

    private void rest(long nowNs) {
        phase = Phase.IDLE;
        doubting = false;
        rounds = 0;
        trust();
        waitNs = nowNs + raisePauseNs;
        raisePauseNs = Math.min(2 * raisePauseNs, MOST_RAISE_NS);
    }
}
