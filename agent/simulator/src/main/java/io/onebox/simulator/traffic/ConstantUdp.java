package io.onebox.simulator.traffic;

import io.onebox.engine.packet.Packet;
import java.time.Duration;
import java.util.function.IntSupplier;

/// UDP datagrams of one size at a constant rate, as a call or a video stream sends them.
public final class ConstantUdp {

    private static final int HEADER = 8;
    private static final int NUMBER_OFFSET = HEADER;
    private static final int TIME_OFFSET = NUMBER_OFFSET + Long.BYTES;
    private static final int LEAST_BYTES = TIME_OFFSET + Long.BYTES;

    private final InnerStack source;
    private final Address from;
    private final Address to;
    private final int sourcePort;
    private final int targetPort;
    private final IntSupplier size;
    private final long intervalNs;
    private final long endNs;
    private final Arrivals arrivals = new Arrivals();
    private final IpHeader ip = new IpHeader();
    private int sent;

    private ConstantUdp(InnerStack source, InnerStack target, IntSupplier size, long intervalNs, long endNs) {
        this.source = source;
        this.from = source.ipv4();
        this.to = target.ipv4();
        this.size = size;
        this.intervalNs = intervalNs;
        this.endNs = endNs;
        this.sourcePort = source.bind(_ -> {});
        this.targetPort = target.bind(packet -> receive(packet, target));
    }

    /// Starts a stream.
    ///
    /// @param packetBytes size of the IP packets
    public static ConstantUdp start(
            InnerStack source, InnerStack target, int packetBytes, double megabitsPerSecond, Duration duration) {
        if (packetBytes < IpHeader.IPV4_LENGTH + LEAST_BYTES) {
            throw new IllegalArgumentException("too small to carry a number: " + packetBytes);
        }
        long intervalNs = Math.round(packetBytes * 8e3 / megabitsPerSecond);
        long endNs = source.time().nowNs() + duration.toNanos();
        var stream = new ConstantUdp(source, target, () -> packetBytes, intervalNs, endNs);
        stream.sendNext();
        return stream;
    }

    /// Starts a stream of packets as large as the source may send at the time, one each `intervalNs`.
    public static ConstantUdp startLargest(InnerStack source, InnerStack target, long intervalNs, Duration duration) {
        long endNs = source.time().nowNs() + duration.toNanos();
        var stream = new ConstantUdp(source, target, source::mtuBytes, intervalNs, endNs);
        stream.sendNext();
        return stream;
    }

    public long sent() {
        return sent;
    }

    /// Packets that arrived, those that arrived again, and those that arrived after a later one.
    public long received() {
        return arrivals.received();
    }

    public long duplicates() {
        return arrivals.duplicates();
    }

    public long reordered() {
        return arrivals.reordered();
    }

    /// Packets that did not arrive.
    public long lost() {
        return sent - arrivals.received();
    }

    /// Time from stack to stack.
    public long mostDelayNs() {
        return arrivals.mostDelayNs();
    }

    public long meanDelayNs() {
        return arrivals.meanDelayNs();
    }

    /// Difference between the delays of one packet and the next.
    public long meanJitterNs() {
        return arrivals.meanJitterNs();
    }

    private void sendNext() {
        long nowNs = source.time().nowNs();
        if (nowNs >= endNs) {
            return;
        }
        int packetBytes = size.getAsInt();
        Packet packet = source.acquire(packetBytes, IpHeader.IPV4_LENGTH + LEAST_BYTES);
        if (packet != null) {
            long at = (long) packet.offset() + IpHeader.IPV4_LENGTH;
            packet.segment().set(IpHeader.INT, at, sourcePort << 16 | targetPort);
            packet.segment().set(IpHeader.INT, at + 4, (packetBytes - IpHeader.IPV4_LENGTH) << 16);
            packet.segment().set(IpHeader.LONG, at + NUMBER_OFFSET, sent);
            packet.segment().set(IpHeader.LONG, at + TIME_OFFSET, nowNs);
            ip.write(packet, from, to, IpHeader.UDP, 0);
            source.send(packet);
        }
        sent++;
        source.time().schedule(nowNs + intervalNs, this::sendNext);
    }

    private void receive(Packet packet, InnerStack target) {
        long at = (long) packet.offset() + IpHeader.IPV4_LENGTH;
        int number = (int) packet.segment().get(IpHeader.LONG, at + NUMBER_OFFSET);
        long sentNs = packet.segment().get(IpHeader.LONG, at + TIME_OFFSET);
        arrivals.onArrival(number, target.time().nowNs() - sentNs);
    }
}
