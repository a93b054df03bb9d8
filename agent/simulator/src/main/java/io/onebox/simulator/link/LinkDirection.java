package io.onebox.simulator.link;

import java.util.random.RandomGenerator;

/// One direction of a link, from the sender's interface to the receiver's. Packets pass its stations
/// in this order:
///
/// ```
///   offer --> mtu --> queue + rate --> loss, duplication, corruption --> delay --> arrival
/// ```
///
/// so a lost packet has consumed capacity, as on radio. Pure: no clock and no packets inside, only
/// sizes and times; the same class shapes virtual and real traffic. The caller keeps each packet
/// until [#dueNs] of its delivery, then asks [#arrives].
///
/// Everything may change while packets are on their way: [#shape] for those that come, [#cut] for all
/// of them (a black hole), [#pause] for when they arrive (a handover). To make a pause cheap, the line
/// has its own time, which stands still meanwhile; with no pause ever it equals `nowNs`.
///
/// All chance comes from one generator. Confined to one thread; `nowNs` never goes back.
public final class LinkDirection {

    private static final long NOT_PAUSED = -1;

    private final RandomGenerator random;
    private final Server server = new Server();
    private final DelayLine delayLine = new DelayLine();

    private LinkShape shape;
    private boolean bad;
    private boolean cut;
    private int generation;
    private long pausedAtNs = NOT_PAUSED;
    private long pausedNs;

    private long offeredPackets;
    private long offeredBytes;
    private long lostPackets;
    private long tailDroppedPackets;
    private long tooBigPackets;

    public LinkDirection(LinkShape shape, RandomGenerator random) {
        this.shape = shape;
        this.random = random;
    }

    /// Takes a packet and says in `out` when it arrives.
    ///
    /// @param bytes size of the IP packet
    public void offer(long nowNs, int bytes, Deliveries out) {
        out.clear(generation);
        offeredPackets++;
        offeredBytes += bytes;
        if (cut) {
            lostPackets++;
            return;
        }
        if (bytes > shape.mtuBytes()) {
            tooBigPackets++;
            return;
        }
        long departureNs = server.departureNs(shape, lineNs(nowNs), bytes);
        if (departureNs < 0) {
            tailDroppedPackets++;
            return;
        }
        if (isLost()) {
            lostPackets++;
            return;
        }
        deliver(departureNs, out);
    }

    /// When a delivery is due, or `Long.MAX_VALUE` while paused. Ask again when it is due: a pause may
    /// have come in between.
    public long dueNs(long lineNs) {
        return pausedAtNs == NOT_PAUSED ? lineNs + pausedNs : Long.MAX_VALUE;
    }

    /// Whether a delivery made in `deliveryGeneration` arrives; if not, the line was cut meanwhile.
    /// Ask once, when the delivery is due.
    public boolean arrives(int deliveryGeneration) {
        if (deliveryGeneration == generation) {
            return true;
        }
        lostPackets++;
        return false;
    }

    /// What the direction is like.
    public LinkShape shape() {
        return shape;
    }

    /// Changes what the direction is like, for packets that come from here on.
    public void shape(LinkShape changed) {
        shape = changed;
    }

    /// Swallows everything, and what is in flight.
    public void cut() {
        cut = true;
        generation++;
    }

    /// Ends a cut with an empty queue.
    public void restore(long nowNs) {
        cut = false;
        server.clear(lineNs(nowNs));
    }

    /// Whether the direction swallows everything.
    public boolean isCut() {
        return cut;
    }

    /// Nothing moves until [#resume]: packets wait, in the queue and on the way.
    public void pause(long nowNs) {
        if (pausedAtNs == NOT_PAUSED) {
            pausedAtNs = nowNs;
        }
    }

    /// Ends a pause.
    public void resume(long nowNs) {
        if (pausedAtNs != NOT_PAUSED) {
            pausedNs += nowNs - pausedAtNs;
            pausedAtNs = NOT_PAUSED;
        }
    }

    /// How long a packet that comes now would wait in the queue.
    public long queueDelayNs(long nowNs) {
        return server.waitNs(lineNs(nowNs));
    }

    /// Packets offered.
    public long offeredPackets() {
        return offeredPackets;
    }

    /// Bytes offered, IP headers included.
    public long offeredBytes() {
        return offeredBytes;
    }

    /// Packets lost on the way, by chance or by a cut.
    public long lostPackets() {
        return lostPackets;
    }

    /// Packets that found the queue full.
    public long tailDroppedPackets() {
        return tailDroppedPackets;
    }

    /// Packets that exceeded the MTU.
    public long tooBigPackets() {
        return tooBigPackets;
    }

    private long lineNs(long nowNs) {
        return (pausedAtNs == NOT_PAUSED ? nowNs : pausedAtNs) - pausedNs;
    }

    private boolean isLost() {
        Loss loss = shape.loss();
        if (loss.goodToBad() > 0) {
            bad = bad ? !happens(loss.badToGood()) : happens(loss.goodToBad());
        } else {
            bad = false;
        }
        return happens(bad ? loss.inBad() : loss.inGood());
    }

    private void deliver(long departureNs, Deliveries out) {
        Faults faults = shape.faults();
        long arrivalNs = delayLine.arrivalNs(shape.delay(), departureNs, random);
        if (happens(faults.reordering())) {
            arrivalNs += faults.reorderByNs();
        }
        out.add(arrivalNs, happens(faults.corruption()));
        if (happens(faults.duplication())) {
            out.add(arrivalNs, happens(faults.corruption()));
        }
    }

    private boolean happens(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }
}
