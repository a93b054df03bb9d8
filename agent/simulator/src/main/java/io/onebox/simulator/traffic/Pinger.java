package io.onebox.simulator.traffic;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.onebox.engine.packet.Packet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Echo requests at an interval, and what came back.
public final class Pinger {

    private static final int ICMP_BYTES = 64;
    private static final int IDENTIFIER_OFFSET = 4;
    private static final int SEQUENCE_OFFSET = 6;
    private static final int TIME_OFFSET = 8;
    private static final int NUMBER_OFFSET = 16;
    private static final byte REQUEST = 8;
    private static final byte REQUEST_V6 = (byte) 128;

    private final InnerStack source;
    private final Address from;
    private final Address to;
    private final int identifier;
    private final long intervalNs;
    private final long endNs;
    private final Arrivals arrivals = new Arrivals();
    private final IpHeader ip = new IpHeader();
    private int sent;

    private Pinger(InnerStack source, Address from, Address to, long intervalNs, long endNs) {
        this.source = source;
        this.from = from;
        this.to = to;
        this.intervalNs = intervalNs;
        this.endNs = endNs;
        this.identifier = source.bind(this::receive);
    }

    /// Pings over IPv4 from here on.
    public static Pinger start(InnerStack source, InnerStack target, Duration interval, Duration duration) {
        return start(source, source.ipv4(), target.ipv4(), interval, duration);
    }

    /// Pings over IPv6 from here on.
    public static Pinger startIpv6(InnerStack source, InnerStack target, Duration interval, Duration duration) {
        return start(source, source.ipv6(), target.ipv6(), interval, duration);
    }

    private static Pinger start(InnerStack source, Address from, Address to, Duration interval, Duration duration) {
        long endNs = source.time().nowNs() + duration.toNanos();
        var pinger = new Pinger(source, from, to, interval.toNanos(), endNs);
        pinger.sendNext();
        return pinger;
    }

    public long sent() {
        return sent;
    }

    public long received() {
        return arrivals.received();
    }

    /// Requests without an answer.
    public long lost() {
        return sent - arrivals.received();
    }

    /// Numbers of the requests without an answer.
    public List<Integer> lostNumbers() {
        List<Integer> lost = new ArrayList<>();
        for (int number = 0; number < sent; number++) {
            if (!arrivals.has(number)) {
                lost.add(number);
            }
        }
        return lost;
    }

    public long duplicates() {
        return arrivals.duplicates();
    }

    public long mostRttNs() {
        return arrivals.mostDelayNs();
    }

    public long meanRttNs() {
        return arrivals.meanDelayNs();
    }

    private void sendNext() {
        long nowNs = source.time().nowNs();
        if (nowNs >= endNs) {
            return;
        }
        int headers = IpHeader.length(from);
        Packet packet = source.acquire(headers + ICMP_BYTES, headers);
        if (packet != null) {
            long at = (long) packet.offset() + headers;
            packet.segment().set(JAVA_BYTE, at, from.isIpv4() ? REQUEST : REQUEST_V6);
            packet.segment().set(IpHeader.SHORT, at + IDENTIFIER_OFFSET, (short) identifier);
            packet.segment().set(IpHeader.SHORT, at + SEQUENCE_OFFSET, (short) sent);
            packet.segment().set(IpHeader.LONG, at + TIME_OFFSET, nowNs);
            packet.segment().set(IpHeader.LONG, at + NUMBER_OFFSET, sent);
            ip.write(packet, from, to, from.isIpv4() ? IpHeader.ICMP : IpHeader.ICMPV6, 0);
            source.send(packet);
        }
        sent++;
        source.time().schedule(nowNs + intervalNs, this::sendNext);
    }

    private void receive(Packet packet) {
        long at = (long) packet.offset() + IpHeader.length(from);
        int number = (int) packet.segment().get(IpHeader.LONG, at + NUMBER_OFFSET);
        long sentNs = packet.segment().get(IpHeader.LONG, at + TIME_OFFSET);
        arrivals.onArrival(number, source.time().nowNs() - sentNs);
    }
}
