package io.onebox.simulator.traffic;

import io.onebox.engine.packet.Packet;
import io.onebox.simulator.time.Alarm;
import java.util.BitSet;

/// A flow over UDP that finds loss as QUIC does: a packet is lost when one sent three later has arrived,
/// or after 9/8 round trips (RFC 9002, section 6.1). It does not adapt to reordering, so it shows what a
/// tunnel must not do. What is lost is sent again under a new number.
public final class QuicLike {

    private static final int PACKET_THRESHOLD = 3;
    private static final int RING = 1 << 14;
    private static final int MASK = RING - 1;
    private static final int UDP_HEADER = 8;
    private static final int NUMBER_OFFSET = UDP_HEADER;
    private static final int BITMAP_OFFSET = NUMBER_OFFSET + Long.BYTES;
    private static final int BITMAP_WORDS = 8;
    private static final int HEADER_BYTES = BITMAP_OFFSET + BITMAP_WORDS * Long.BYTES;
    private static final int ACK_EVERY = 2;
    private static final long MOST_ACK_DELAY_NS = 25_000_000;
    private static final double NS_PER_SECOND = 1e9;
    private static final int LEAST_BURST = 2;
    private static final double BURST_SECONDS = 0.001;

    private final InnerStack source;
    private final InnerStack target;
    private final CongestionControl control;
    private final int packetBytes;
    private final int sourcePort;
    private final int targetPort;
    private final IpHeader ip = new IpHeader();
    private final RttEstimate rtt = new RttEstimate();
    private final AckSample sample = new AckSample();
    private final Alarm lossAlarm;
    private final Alarm pace;
    private final Alarm delayedAck;

    private final long[] sentNs = new long[RING];
    private final long[] deliveredWhenSent = new long[RING];
    private final long[] deliveredNsWhenSent = new long[RING];
    private final BitSet outstanding = new BitSet(RING);
    private long first;
    private long next;
    private long largestAcknowledged = -1;
    private int inFlight;
    private long delivered;
    private long deliveredNs;
    private long recoveryEnd = -1;
    private long nextSendNs;
    private long lostPackets;

    private final BitSet seen = new BitSet();
    private long largestSeen = -1;
    private int unacknowledged;
    private long receivedPackets;
    private long markNs;
    private long markPackets;

    private QuicLike(InnerStack source, InnerStack target, CongestionControl control) {
        this.source = source;
        this.target = target;
        this.control = control;
        this.packetBytes = source.mtuBytes();
        this.sourcePort = source.bind(this::onAcknowledgement);
        this.targetPort = target.bind(this::onPacket);
        this.lossAlarm = new Alarm(source.time(), this::onLossAlarm);
        this.pace = new Alarm(source.time(), this::transmit);
        this.delayedAck = new Alarm(target.time(), this::acknowledge);
    }

    /// Starts a flow that sends for ever.
    public static QuicLike start(InnerStack source, InnerStack target, CongestionControl control) {
        var flow = new QuicLike(source, target, control);
        flow.sendPacket();
        flow.armLossAlarm();
        return flow;
    }

    /// Forgets what was received, for [#megabitsPerSecond].
    public void mark() {
        markNs = target.time().nowNs();
        markPackets = receivedPackets;
    }

    /// Rate of what arrived since [#mark], headers of IP and UDP excluded.
    public double megabitsPerSecond() {
        long elapsedNs = target.time().nowNs() - markNs;
        long bytes = (receivedPackets - markPackets) * (packetBytes - IpHeader.IPV4_LENGTH - UDP_HEADER);
        return elapsedNs == 0 ? 0 : bytes * 8e3 / elapsedNs;
    }

    /// Packets the sender took for lost.
    public long lostPackets() {
        return lostPackets;
    }

    private void onPacket(Packet packet) {
        long number = packet.segment().get(IpHeader.LONG, contentOffset(packet) + NUMBER_OFFSET);
        if (seen.get((int) number)) {
            return;
        }
        seen.set((int) number);
        receivedPackets++;
        boolean isInOrder = number == largestSeen + 1;
        largestSeen = Math.max(largestSeen, number);
        unacknowledged++;
        if (!isInOrder || unacknowledged >= ACK_EVERY) {
            acknowledge();
        } else {
            delayedAck.set(target.time().nowNs() + MOST_ACK_DELAY_NS);
        }
    }

    private void acknowledge() {
        delayedAck.cancel();
        unacknowledged = 0;
        int length = IpHeader.IPV4_LENGTH + HEADER_BYTES;
        Packet packet = target.acquire(length, length);
        if (packet == null) {
            return;
        }
        long at = contentOffset(packet);
        writePorts(packet, targetPort, sourcePort);
        packet.segment().set(IpHeader.LONG, at + NUMBER_OFFSET, largestSeen);
        for (int word = 0; word < BITMAP_WORDS; word++) {
            long bits = 0;
            for (int bit = 0; bit < Long.SIZE; bit++) {
                long number = largestSeen - (long) word * Long.SIZE - bit;
                bits |= number >= 0 && seen.get((int) number) ? 1L << bit : 0;
            }
            packet.segment().set(IpHeader.LONG, at + BITMAP_OFFSET + (long) word * Long.BYTES, bits);
        }
        ip.write(packet, target.ipv4(), source.ipv4(), IpHeader.UDP, 0);
        target.send(packet);
    }

    private void onAcknowledgement(Packet packet) {
        long nowNs = source.time().nowNs();
        long at = contentOffset(packet);
        long largest = packet.segment().get(IpHeader.LONG, at + NUMBER_OFFSET);
        startSample(nowNs);
        for (int word = 0; word < BITMAP_WORDS; word++) {
            long bits = packet.segment().get(IpHeader.LONG, at + BITMAP_OFFSET + (long) word * Long.BYTES);
            for (; bits != 0; bits &= bits - 1) {
                long number = largest - (long) word * Long.SIZE - Long.numberOfTrailingZeros(bits);
                if (number >= first && outstanding.get((int) number & MASK)) {
                    deliver(number, largest, nowNs);
                }
            }
        }
        largestAcknowledged = Math.max(largestAcknowledged, largest);
        finishSample(nowNs);
        transmit();
    }

    private void startSample(long nowNs) {
        sample.nowNs = nowNs;
        sample.priorInFlight = inFlight;
        sample.newlyDelivered = 0;
        sample.rttNs = AckSample.NONE;
        sample.priorDelivered = AckSample.NONE;
        sample.intervalNs = AckSample.NONE;
        sample.isWindowLimited = inFlight + LEAST_BURST >= control.window();
    }

    private void deliver(long number, long largest, long nowNs) {
        int slot = (int) number & MASK;
        outstanding.clear(slot);
        inFlight--;
        delivered++;
        sample.newlyDelivered++;
        if (number == largest) {
            boolean isFirst = rtt.srttNs() == 0;
            sample.rttNs = nowNs - sentNs[slot];
            rtt.onSample(sample.rttNs);
            if (isFirst) {
                control.onEstablished(sample.rttNs, nowNs);
            }
        }
        if (deliveredWhenSent[slot] > sample.priorDelivered) {
            sample.priorDelivered = deliveredWhenSent[slot];
            sample.intervalNs = Math.max(1, nowNs - deliveredNsWhenSent[slot]);
        }
        deliveredNs = nowNs;
    }

    private void finishSample(long nowNs) {
        sample.delivered = delivered;
        sample.rateDelivered = delivered - sample.priorDelivered;
        sample.minRttNs = rtt.minNs();
        sample.srttNs = rtt.srttNs();
        if (sample.intervalNs < sample.minRttNs) {
            sample.intervalNs = AckSample.NONE;
        }
        detectLosses(nowNs);
        sample.inFlight = inFlight;
        if (recoveryEnd >= 0 && largestAcknowledged > recoveryEnd && sample.newlyLost == 0) {
            recoveryEnd = -1;
            control.onRecovered();
        }
        sample.inRecovery = recoveryEnd >= 0;
        control.onAck(sample);
        armLossAlarm();
    }

    private void detectLosses(long nowNs) {
        sample.newlyLost = 0;
        long lostBeforeNs = nowNs - rtt.srttNs() * 9 / 8;
        long newestLost = -1;
        for (long number = first; number < largestAcknowledged; number++) {
            int slot = (int) number & MASK;
            boolean isLost = number <= largestAcknowledged - PACKET_THRESHOLD || sentNs[slot] < lostBeforeNs;
            if (outstanding.get(slot) && isLost) {
                outstanding.clear(slot);
                inFlight--;
                lostPackets++;
                sample.newlyLost++;
                newestLost = number;
            }
        }
        while (first < next && !outstanding.get((int) first & MASK)) {
            first++;
        }
        sample.inFlight = inFlight;
        if (newestLost > recoveryEnd) {
            if (recoveryEnd < 0) {
                control.onRecovery(sample);
            }
            recoveryEnd = next - 1;
        }
    }

    private void onLossAlarm() {
        rtt.onTimeout();
        sendPacket();
        sendPacket();
        armLossAlarm();
    }

    /// Source: RFC 9002, section 6.2, with the timeout of [RttEstimate].
    private void armLossAlarm() {
        lossAlarm.set(source.time().nowNs() + rtt.timeoutNs());
    }

    private void transmit() {
        long nowNs = source.time().nowNs();
        double rate = control.segmentsPerSecond();
        int burst = rate == 0 ? Integer.MAX_VALUE : (int) Math.max(LEAST_BURST, rate * BURST_SECONDS);
        while (inFlight < control.window() && next - first < RING) {
            if (rate > 0 && nowNs < nextSendNs) {
                pace.set(nextSendNs);
                return;
            }
            int sent = 0;
            while (sent < burst && inFlight < control.window() && next - first < RING) {
                sendPacket();
                sent++;
            }
            if (rate > 0) {
                nextSendNs = Math.max(nowNs, nextSendNs) + (long) (sent * NS_PER_SECOND / rate);
            }
        }
    }

    private void sendPacket() {
        long nowNs = source.time().nowNs();
        int slot = (int) next & MASK;
        sentNs[slot] = nowNs;
        deliveredNs = inFlight == 0 ? nowNs : deliveredNs;
        deliveredWhenSent[slot] = delivered;
        deliveredNsWhenSent[slot] = deliveredNs;
        outstanding.set(slot);
        inFlight++;
        Packet packet = source.acquire(packetBytes, IpHeader.IPV4_LENGTH + HEADER_BYTES);
        if (packet != null) {
            writePorts(packet, sourcePort, targetPort);
            packet.segment().set(IpHeader.LONG, contentOffset(packet) + NUMBER_OFFSET, next);
            ip.write(packet, source.ipv4(), target.ipv4(), IpHeader.UDP, 0);
            source.send(packet);
        }
        next++;
    }

    private static void writePorts(Packet packet, int from, int to) {
        long at = contentOffset(packet);
        packet.segment().set(IpHeader.INT, at, from << 16 | to);
        packet.segment().set(IpHeader.INT, at + 4, (packet.length() - IpHeader.IPV4_LENGTH) << 16);
    }

    private static long contentOffset(Packet packet) {
        return (long) packet.offset() + IpHeader.IPV4_LENGTH;
    }
}
