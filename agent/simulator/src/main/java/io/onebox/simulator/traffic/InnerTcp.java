package io.onebox.simulator.traffic;

/// A TCP flow from one stack to another.
public final class InnerTcp {

    private final TcpSender sender;
    private final TcpReceiver receiver;
    private final InnerStack source;
    private long markNs;
    private long markBytes;

    private InnerTcp(InnerStack source, TcpSender sender, TcpReceiver receiver) {
        this.source = source;
        this.sender = sender;
        this.receiver = receiver;
    }

    /// Starts a flow that sends for ever.
    public static InnerTcp start(InnerStack source, InnerStack target, TcpOptions options) {
        return start(source, target, options, Long.MAX_VALUE);
    }

    /// Starts a flow that ends after `bytes`, rounded up to whole segments.
    public static InnerTcp start(InnerStack source, InnerStack target, TcpOptions options, long bytes) {
        Address from = options.ipv6() ? source.ipv6() : source.ipv4();
        Address to = options.ipv6() ? target.ipv6() : target.ipv4();
        int segmentBytes = source.mtuBytes() - IpHeader.length(from) - TcpSegment.LENGTH;
        long segments = bytes / segmentBytes + (bytes % segmentBytes == 0 ? 0 : 1);
        var receiver = new TcpReceiver(target, to, from, options.windowBytes());
        var sender = new TcpSender(source, from, to, options, segments);
        sender.connect(receiver.port());
        var flow = new InnerTcp(source, sender, receiver);
        flow.mark();
        return flow;
    }

    /// Forgets what was received, for [#megabitsPerSecond].
    public void mark() {
        markNs = source.time().nowNs();
        markBytes = receiver.receivedBytes();
    }

    /// Rate of payload received in order since [#mark].
    public double megabitsPerSecond() {
        long elapsedNs = source.time().nowNs() - markNs;
        return elapsedNs == 0 ? 0 : (receiver.receivedBytes() - markBytes) * 8e3 / elapsedNs;
    }

    /// Payload received in order.
    public long receivedBytes() {
        return receiver.receivedBytes();
    }

    /// Whether all was sent and acknowledged.
    public boolean isDone() {
        return sender.isDone();
    }

    /// Payload of a segment.
    public int segmentBytes() {
        return sender.segmentBytes();
    }

    /// Smoothed round trip as the sender sees it.
    public long srttNs() {
        return sender.rtt().srttNs();
    }

    /// Segments the sender may have in flight, and has.
    public int window() {
        return sender.control().window();
    }

    public int inFlight() {
        return sender.inFlight();
    }

    /// Retransmission timeouts of the sender.
    public long timeouts() {
        return sender.timeouts();
    }

    /// Times the sender found loss, and times it found it had been none.
    public long recoveries() {
        return sender.recoveries();
    }

    public long undos() {
        return sender.undos();
    }

    /// Segments sent again.
    public long resentSegments() {
        return sender.resentSegments();
    }

    /// Segments that filled a gap in front of later ones.
    public long reorderedSegments() {
        return receiver.reorderedSegments();
    }

    /// Segments that arrived twice.
    public long duplicateSegments() {
        return receiver.duplicateSegments();
    }
}
