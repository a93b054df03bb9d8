package io.onebox.engine.path;

import io.onebox.engine.repair.InFlight;
import io.onebox.engine.wire.AckFlyweight;

/// Turns the ACKs of a path into what its sender has to know: what arrived and what is lost, the round
/// trip, the queue, and how fast the path delivers.
final class AckReader implements InFlight.Fate {

    private static final long NS_PER_US = 1_000;

    /// Time after which a message sent before one that arrived is lost, in eighths of the round trip
    /// (RFC 9002, section 6.1.2).
    private static final int TIME_THRESHOLD_EIGHTHS = 9;

    private static final long GRANULARITY_NS = 1_000_000;

    private final Path path;

    private InFlight.Fate listener = this;
    private int acknowledged;
    private int lost;
    private long largestNumber = -1;
    private long arrivalNs;
    private long bytes;
    private int lastBytes;
    private boolean started;
    private long roundEndNs;

    AckReader(Path path) {
        this.path = path;
    }

    /// Takes in an ACK.
    ///
    /// @param offset number of the message with counter 0
    /// @param referenceNs any one-way delay the peer told of lately: its clock, in 64 bits
    void onAck(AckFlyweight ack, long offset, long referenceNs, InFlight.Fate fate, long nowNs) {
        long number = ack.largest() + offset;
        if (ack.largest() < 0 || number >= path.inFlight().next() || number < 0) {
            return;
        }
        boolean inOrder = number > largestNumber;
        long sentNs = path.inFlight().sentNs(number);
        long delayNs = Integer.toUnsignedLong(ack.delayUs()) * NS_PER_US;
        if (sentNs >= 0 && inOrder) {
            path.rtt().onSample(nowNs - sentNs - delayNs, nowNs);
        }
        acknowledged = 0;
        lost = 0;
        listener = fate;
        long patienceNs =
                Math.max(path.rtt().srttNs() * TIME_THRESHOLD_EIGHTHS / 8, GRANULARITY_NS) + delayNs + GRANULARITY_NS;
        path.inFlight().onAck(ack, number, offset, nowNs - patienceNs, this);
        listener = this;
        path.loss().onAcknowledged(acknowledged);
        path.loss().onLost(lost);
        if (acknowledged > 0) {
            path.life().onProof(nowNs);
        }
        if (inOrder) {
            largestNumber = number;
            measure(ack, sentNs, referenceNs, nowNs);
        }
    }

    /// The peer began a new life: its clock and its totals start anew.
    void restart() {
        started = false;
    }

    /// Everything in flight is taken for lost.
    void loseInFlight(InFlight.Fate fate) {
        listener = fate;
        path.inFlight().loseAll(this);
        listener = this;
    }

    @Override
    public void acknowledged(long content, int length, long sentNs) {
        acknowledged++;
        path.mtu().onAcknowledged(length);
        listener.acknowledged(content, length, sentNs);
    }

    @Override
    public void lost(long content, int length, long sentNs) {
        lost++;
        path.mtu().onLost(length);
        listener.lost(content, length, sentNs);
    }

    private void measure(AckFlyweight ack, long sentNs, long referenceNs, long nowNs) {
        if (ack.leastOneWayUs() != 0) {
            path.queueDelay().onSample(Path.extendUs(ack.leastOneWayUs(), referenceNs), nowNs);
        }
        long sample = DeliveryRate.NONE;
        if (sentNs >= 0) {
            arrivalNs = started ? Path.extendUs(ack.arrivalUs(), arrivalNs) : ack.arrivalUs() * NS_PER_US;
            bytes += started ? ack.bytes() - lastBytes : 0;
            started = true;
            lastBytes = ack.bytes();
            sample = path.deliveryRate()
                    .onReport(arrivalNs, sentNs, bytes, path.rtt().rttvarNs() / 2);
        }
        long queueNs = path.queueDelay().queueNs();
        path.rate()
                .onReport(
                        sample,
                        path.deliveryRate().isApplicationLimited(),
                        path.queueDelay(),
                        path.rtt().minNs(),
                        nowNs);
        if (nowNs >= roundEndNs) {
            path.rate().onRoundLoss(path.loss().roundRatio(), path.loss().ratio(), queueNs);
            path.loss().startRound();
            roundEndNs = nowNs + path.rtt().srttNs();
        }
    }
}
