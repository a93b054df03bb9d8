package io.onebox.simulator.traffic;

import io.onebox.engine.packet.Packet;
import io.onebox.simulator.time.Alarm;

/// The sending end of a TCP flow that always has more to send, as Linux does it: SACK, RACK-TLP,
/// retransmission timer, undo of needless reductions by DSACK and timestamps, pacing, ECN.
final class TcpSender {

    private static final int NS_PER_MS = 1_000_000;
    private static final long NS_PER_SECOND = 1_000_000_000;

    /// Time of a burst when paced, and its least size (Linux, sk_pacing_shift and bbr_tso_segs_goal).
    private static final double BURST_SECONDS = 0.001;

    private static final int LEAST_BURST = 2;
    private static final int MOST_BURST = 44;

    private static final int NEVER_RESENT = -1;

    private enum State {
        /// The connection is not established.
        OPENING,
        /// No loss is known of.
        OPEN,
        /// Fast recovery.
        RECOVERY,
        /// After a timeout.
        LOSS
    }

    private final InnerStack stack;
    private final int port;
    private final int segmentBytes;
    private final long segments;
    private final CongestionControl control;

    private final IpHeader ip = new IpHeader();
    private final TcpSegment in = new TcpSegment();
    private final TcpOutput output;
    private final Scoreboard board = new Scoreboard();
    private final DeliveryRate rate = new DeliveryRate();
    private final RttEstimate rtt = new RttEstimate();
    private final Rack rack = new Rack(board, rtt);
    private final AckSample sample = new AckSample();
    private final Alarm retransmission;
    private final Alarm reordering;
    private final Alarm pace;

    private State state = State.OPENING;
    private int remotePort;
    private long synSentNs;
    private long windowEnd;
    private long recoveryEnd;
    private boolean canUndo;
    private int undoResent;

    /// Linux' undo_marker and retrans_stamp: who repeats something older says nothing of this recovery.
    private long undoFrom;

    private long firstResentNs = Long.MIN_VALUE;
    private long probeEnd;
    private boolean isProbeDue;
    private long nextSendNs;
    private long markedUntil;
    private boolean tellReduced;

    private long timeouts;
    private long recoveries;
    private long undos;
    private long resentSegments;

    /// @param segments how many full segments to send
    TcpSender(InnerStack stack, Address local, Address remote, TcpOptions options, long segments) {
        this.stack = stack;
        this.segments = segments;
        this.segmentBytes = stack.mtuBytes() - IpHeader.length(local) - TcpSegment.LENGTH;
        this.output = new TcpOutput(stack, local, remote, options, segmentBytes);
        this.control = options.control().get();
        this.port = stack.bind(this::onPacket);
        this.retransmission = new Alarm(stack.time(), this::onRetransmissionTimer);
        this.reordering = new Alarm(stack.time(), this::onReorderingTimer);
        this.pace = new Alarm(stack.time(), this::transmit);
    }

    /// Opens the connection to a receiver.
    void connect(int receiverPort) {
        remotePort = receiverPort;
        synSentNs = stack.time().nowNs();
        output.sendSyn(port, receiverPort);
        retransmission.set(synSentNs + rtt.timeoutNs());
    }

    boolean isDone() {
        return board.first() >= segments;
    }

    CongestionControl control() {
        return control;
    }

    RttEstimate rtt() {
        return rtt;
    }

    int inFlight() {
        return board.inFlight();
    }

    int segmentBytes() {
        return segmentBytes;
    }

    long timeouts() {
        return timeouts;
    }

    long recoveries() {
        return recoveries;
    }

    long undos() {
        return undos;
    }

    long resentSegments() {
        return resentSegments;
    }

    private void onPacket(Packet packet) {
        if (!ip.wrap(packet)) {
            return;
        }
        in.read(packet, ip.length());
        long nowNs = stack.time().nowNs();
        output.echo(in.timestampMs);
        windowEnd = Math.max(windowEnd, (in.acknowledged + in.windowBytes) / segmentBytes);
        if (state == State.OPENING) {
            rtt.onSample(nowNs - synSentNs);
            control.onEstablished(nowNs - synSentNs, nowNs);
            rate.onSentIntoSilence(nowNs);
            state = State.OPEN;
            retransmission.cancel();
        } else {
            onAcknowledgement(nowNs);
        }
        transmit();
    }

    private void onAcknowledgement(long nowNs) {
        long acknowledged = in.acknowledged / segmentBytes;
        if (acknowledged < board.first()) {
            return;
        }
        sample.nowNs = nowNs;
        sample.priorInFlight = board.inFlight();
        sample.isWindowLimited = sample.priorInFlight + LEAST_BURST >= control.window();
        sample.rttNs = AckSample.NONE;
        long deliveredBefore = rate.delivered();
        rate.startSample();
        boolean lateOriginal = acknowledge(acknowledged, nowNs);
        selectivelyAcknowledge(acknowledged, nowNs);
        sample.newlyDelivered = (int) (rate.delivered() - deliveredBefore);
        if (sample.rttNs != AckSample.NONE) {
            rtt.onSample(sample.rttNs);
        }
        sample.minRttNs = rtt.minNs();
        sample.srttNs = rtt.srttNs();
        rate.finishSample(sample, nowNs);
        undoIfNeedless(lateOriginal);
        detectLosses(nowNs);
        finishRecovery();
        noteMarks();
        sample.inFlight = board.inFlight();
        sample.inRecovery = state != State.OPEN;
        control.onAck(sample);
        armRetransmission(nowNs, sample.newlyDelivered > 0);
    }

    /// Takes segments off the front.
    ///
    /// @return whether one sent again had arrived the first time: what it echoes was sent before anything was sent
    ///     again (RFC 4015)
    private boolean acknowledge(long acknowledged, long nowNs) {
        boolean lateOriginal = false;
        while (board.first() < acknowledged) {
            long segment = board.first();
            if (!board.isSacked(segment)) {
                deliver(segment, nowNs);
            }
            lateOriginal |= board.wasResent(segment) && in.echoedMs < firstResentNs / NS_PER_MS;
            board.onAcknowledged();
        }
        return lateOriginal;
    }

    private void selectivelyAcknowledge(long acknowledged, long nowNs) {
        for (int i = 0; i < in.blocks; i++) {
            long end = in.blockEnd[i] / segmentBytes;
            if (i == 0 && isDuplicateBlock()) {
                rack.onDuplicate();
                undoResent -= undoResent > 0 && end > undoFrom ? 1 : 0;
                continue;
            }
            long start = Math.max(acknowledged, in.blockStart[i] / segmentBytes);
            for (long segment = start; segment < Math.min(end, board.next()); segment++) {
                if (!board.isSacked(segment)) {
                    deliver(segment, nowNs);
                    board.onSacked(segment);
                }
            }
        }
    }

    /// Whether the first block names something received twice (RFC 2883, section 4).
    private boolean isDuplicateBlock() {
        return in.blockEnd[0] <= in.acknowledged
                || (in.blocks > 1 && in.blockStart[0] >= in.blockStart[1] && in.blockEnd[0] <= in.blockEnd[1]);
    }

    private void deliver(long segment, long nowNs) {
        rack.onDelivered(segment, nowNs);
        rate.onDelivered(board, segment, nowNs);
        if (!board.wasResent(segment)) {
            sample.rttNs = nowNs - board.sentNs(segment);
        }
    }

    private void undoIfNeedless(boolean lateOriginal) {
        if (canUndo && (undoResent == 0 || lateOriginal)) {
            canUndo = false;
            undos++;
            board.undoLosses();
            control.onUndo();
            state = State.OPEN;
        }
    }

    private void detectLosses(long nowNs) {
        rack.adapt(sample);
        long againNs = rack.detect(nowNs, state != State.OPEN);
        sample.newlyLost = rack.lostNow();
        if (againNs > 0) {
            reordering.set(nowNs + againNs);
        } else {
            reordering.cancel();
        }
        if (state == State.OPEN && board.lost() > 0) {
            state = State.RECOVERY;
            recoveries++;
            startEpisode();
            sample.inFlight = board.inFlight();
            control.onRecovery(sample);
        }
    }

    private void startEpisode() {
        recoveryEnd = board.next();
        canUndo = true;
        undoResent = NEVER_RESENT;
        undoFrom = board.first();
        firstResentNs = board.resent() == 0 ? Long.MIN_VALUE : firstResentNs;
    }

    private void finishRecovery() {
        if ((state == State.RECOVERY || state == State.LOSS) && board.first() >= recoveryEnd) {
            state = State.OPEN;
            rack.onRecovered();
            control.onRecovered();
        }
    }

    private void noteMarks() {
        if (in.has(TcpSegment.ECE) && board.first() >= markedUntil && state == State.OPEN) {
            markedUntil = board.next();
            tellReduced = true;
            control.onMarked(sample);
        }
    }

    private void onReorderingTimer() {
        long nowNs = stack.time().nowNs();
        sample.nowNs = nowNs;
        sample.priorInFlight = board.inFlight();
        sample.newlyDelivered = 0;
        sample.intervalNs = AckSample.NONE;
        sample.rttNs = AckSample.NONE;
        detectLosses(nowNs);
        transmit();
    }

    private void onRetransmissionTimer() {
        long nowNs = stack.time().nowNs();
        if (state == State.OPENING) {
            rtt.onTimeout();
            connect(remotePort);
            return;
        }
        if (board.first() == board.next()) {
            return;
        }
        if (isProbeDue) {
            sendTailLossProbe(nowNs);
            return;
        }
        timeouts++;
        rtt.onTimeout();
        rack.onTimeout(nowNs);
        if (state != State.LOSS) {
            state = State.LOSS;
            startEpisode();
            control.onTimeout(board.inFlight());
        }
        recoveryEnd = board.next();
        nextSendNs = nowNs;
        transmit();
        retransmission.set(nowNs + rtt.timeoutNs());
    }

    /// Source: RFC 8985, section 7.
    private void sendTailLossProbe(long nowNs) {
        isProbeDue = false;
        probeEnd = board.next();
        long segment = mayExtend() ? board.next() : board.next() - 1;
        sendData(segment, nowNs);
        retransmission.set(nowNs + rtt.timeoutNs());
    }

    private void armRetransmission(long nowNs, boolean progress) {
        if (board.first() == board.next()) {
            retransmission.cancel();
        } else if (progress || !retransmission.isSet()) {
            isProbeDue = state == State.OPEN && board.sacked() == 0 && board.first() >= probeEnd;
            long probeNs = 2 * rtt.srttNs() + (board.next() - board.first() == 1 ? 200L : 2L) * NS_PER_MS;
            long timeoutNs = rtt.timeoutNs();
            isProbeDue &= probeNs < timeoutNs;
            retransmission.set(nowNs + (isProbeDue ? probeNs : timeoutNs));
        }
    }

    /// Sends what window and pacing allow.
    private void transmit() {
        if (state == State.OPENING) {
            return;
        }
        long nowNs = stack.time().nowNs();
        double segmentsPerSecond = control.segmentsPerSecond();
        int burst = segmentsPerSecond == 0
                ? Integer.MAX_VALUE
                : (int) Math.clamp(segmentsPerSecond * BURST_SECONDS, LEAST_BURST, MOST_BURST);
        while (true) {
            if (segmentsPerSecond > 0 && nowNs < nextSendNs) {
                pace.set(nextSendNs);
                return;
            }
            int sent = sendBurst(burst, nowNs);
            if (sent == 0) {
                return;
            }
            if (segmentsPerSecond > 0) {
                nextSendNs = Math.max(nowNs, nextSendNs) + (long) (sent * NS_PER_SECOND / segmentsPerSecond);
            }
            armRetransmission(nowNs, false);
        }
    }

    private int sendBurst(int burst, long nowNs) {
        int sent = 0;
        while (sent < burst && board.inFlight() < control.window()) {
            long segment = board.nextLost();
            if (segment < 0) {
                if (!mayExtend()) {
                    break;
                }
                segment = board.next();
            }
            sendData(segment, nowNs);
            sent++;
        }
        return sent;
    }

    private boolean mayExtend() {
        return board.next() < Math.min(segments, windowEnd) && !board.isFull();
    }

    private void sendData(long segment, long nowNs) {
        if (segment < board.next()) {
            resentSegments++;
            undoResent = Math.max(0, undoResent) + 1;
            firstResentNs = firstResentNs == Long.MIN_VALUE ? nowNs : firstResentNs;
        } else if (board.first() == board.next()) {
            rate.onSentIntoSilence(nowNs);
        }
        board.onSent(segment, nowNs, rate);
        output.sendData(segment, tellReduced ? TcpSegment.CWR : 0);
        tellReduced = false;
    }
}
