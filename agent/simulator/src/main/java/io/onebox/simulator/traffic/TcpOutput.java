package io.onebox.simulator.traffic;

import io.onebox.engine.packet.Packet;

/// Writes the segments of a TCP sender.
final class TcpOutput {

    private static final int NS_PER_MS = 1_000_000;

    private final InnerStack stack;
    private final Address local;
    private final Address remote;
    private final TcpOptions options;
    private final int segmentBytes;
    private final IpHeader ip = new IpHeader();
    private final TcpSegment out = new TcpSegment();

    TcpOutput(InnerStack stack, Address local, Address remote, TcpOptions options, int segmentBytes) {
        this.stack = stack;
        this.local = local;
        this.remote = remote;
        this.options = options;
        this.segmentBytes = segmentBytes;
    }

    /// Opens a connection.
    void sendSyn(int sourcePort, int targetPort) {
        out.sourcePort = sourcePort;
        out.targetPort = targetPort;
        out.sequence = 0;
        send(TcpSegment.SYN, 0, 0);
    }

    /// Remembers the timestamp to send back.
    void echo(long timestampMs) {
        out.echoedMs = timestampMs;
    }

    /// Sends a full segment, of zeros.
    void sendData(long segment, int flags) {
        out.sequence = segment * segmentBytes;
        send(flags | TcpSegment.ACK, segmentBytes, options.ecn() ? IpHeader.ECT0 : 0);
    }

    private void send(int flags, int payloadLength, int trafficClass) {
        int headers = IpHeader.length(local) + TcpSegment.LENGTH;
        Packet packet = stack.acquire(headers + payloadLength, headers);
        if (packet == null) {
            return;
        }
        out.flags = flags;
        out.windowBytes = options.windowBytes();
        out.timestampMs = stack.time().nowNs() / NS_PER_MS;
        out.write(packet, IpHeader.length(local));
        ip.write(packet, local, remote, IpHeader.TCP, trafficClass);
        stack.send(packet);
    }
}
