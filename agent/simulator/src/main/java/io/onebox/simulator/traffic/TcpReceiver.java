package io.onebox.simulator.traffic;

import io.onebox.engine.packet.Packet;
import io.onebox.simulator.time.Alarm;

/// The receiving end of a TCP flow: acknowledges every second segment, at once what is out of order,
/// names what arrived ahead of a gap (RFC 2018) and what arrived twice (RFC 2883).
final class TcpReceiver {

    /// Longest delay of an acknowledgement (Linux, TCP_DELACK_MIN).
    private static final long DELAYED_ACK_NS = 40_000_000;

    /// Segments acknowledged one by one at the start (Linux, TCP_MAX_QUICKACKS).
    private static final int QUICK_ACKS = 16;

    private static final int NS_PER_MS = 1_000_000;

    private final InnerStack stack;
    private final Address local;
    private final Address remote;
    private final int port;
    private final long windowBytes;
    private final IpHeader ip = new IpHeader();
    private final TcpSegment in = new TcpSegment();
    private final TcpSegment out = new TcpSegment();
    private final ReceivedRanges ahead = new ReceivedRanges();
    private final Alarm delayedAck;

    private long expected;
    private long acknowledged;
    private long recentTimestampMs;
    private int unacknowledgedSegments;
    private int quickAcks = QUICK_ACKS;
    private boolean congestionSeen;
    private long reorderedSegments;
    private long duplicateSegments;

    TcpReceiver(InnerStack stack, Address local, Address remote, long windowBytes) {
        this.stack = stack;
        this.local = local;
        this.remote = remote;
        this.windowBytes = windowBytes;
        this.port = stack.bind(this::onPacket);
        this.delayedAck = new Alarm(stack.time(), () -> acknowledge(0));
    }

    int port() {
        return port;
    }

    /// Bytes received in order.
    long receivedBytes() {
        return expected;
    }

    /// Segments that arrived after a later one, and those that arrived twice.
    long reorderedSegments() {
        return reorderedSegments;
    }

    long duplicateSegments() {
        return duplicateSegments;
    }

    private void onPacket(Packet packet) {
        if (!ip.wrap(packet)) {
            return;
        }
        in.read(packet, ip.length());
        if (in.sequence <= acknowledged) {
            recentTimestampMs = in.timestampMs;
        }
        out.targetPort = in.sourcePort;
        if (in.has(TcpSegment.SYN)) {
            acknowledge(TcpSegment.SYN);
            return;
        }
        noteCongestion();
        receive(in.sequence, in.sequence + in.payloadLength);
    }

    private void noteCongestion() {
        if (in.has(TcpSegment.CWR)) {
            congestionSeen = false;
        }
        if (ip.ecn() == IpHeader.CE) {
            congestionSeen = true;
        }
    }

    private void receive(long start, long end) {
        out.blocks = 0;
        boolean isDuplicate = end <= expected;
        boolean hadGap = !ahead.isEmpty();
        if (!isDuplicate && start > expected) {
            isDuplicate = ahead.add(start, end);
        } else if (!isDuplicate) {
            expected = ahead.takeUpTo(end);
            reorderedSegments += hadGap ? 1 : 0;
        }
        if (isDuplicate) {
            duplicateSegments++;
            out.blockStart[0] = start;
            out.blockEnd[0] = end;
            out.blocks = 1;
        }
        unacknowledgedSegments++;
        if (isDuplicate || hadGap || !ahead.isEmpty() || unacknowledgedSegments >= 2 || quickAcks > 0) {
            acknowledge(0);
        } else if (!delayedAck.isSet()) {
            delayedAck.set(stack.time().nowNs() + DELAYED_ACK_NS);
        }
    }

    private void acknowledge(int flags) {
        delayedAck.cancel();
        unacknowledgedSegments = 0;
        quickAcks = Math.max(0, quickAcks - 1);
        ahead.describe(out);
        out.sourcePort = port;
        out.sequence = 0;
        out.acknowledged = expected;
        out.flags = TcpSegment.ACK | flags | (congestionSeen ? TcpSegment.ECE : 0);
        out.windowBytes = windowBytes - ahead.bytes();
        out.timestampMs = stack.time().nowNs() / NS_PER_MS;
        out.echoedMs = recentTimestampMs;
        acknowledged = expected;
        int headers = IpHeader.length(local) + out.length();
        Packet packet = stack.acquire(headers, headers);
        if (packet != null) {
            out.write(packet, IpHeader.length(local));
            ip.write(packet, local, remote, IpHeader.TCP, 0);
            stack.send(packet);
        }
        out.blocks = 0;
    }
}
