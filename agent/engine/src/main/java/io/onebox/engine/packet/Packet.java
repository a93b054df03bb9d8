package io.onebox.engine.packet;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A packet or datagram in native memory. It has exactly one owner at a time: passing it on gives it
/// away, and the last owner calls [#release] once.
///
/// ```
///   0                 offset             offset + length        CAPACITY
///   +--------------------+-----------------------+------------------+
///   |      headroom      |        content        |     tailroom     |
///   +--------------------+-----------------------+------------------+
/// ```
///
/// A datagram also carries where it came from or goes to: the local link and both addresses.
public final class Packet {

    /// Bytes of memory behind each packet: the largest content, 1500 bytes, plus headroom and tag.
    public static final int CAPACITY = 2048;

    /// Where content starts in a fresh packet. Leaves room for control frames, the DATA header and the
    /// transport header in front of an inner packet, and keeps content aligned to 8 bytes.
    public static final int HEADROOM = 256;

    /// No local link chosen: the datagram leaves by the link of its path.
    public static final int NO_LINK = -1;

    private final PacketPool pool;
    private final MemorySegment segment;
    private final long address;

    private int offset;
    private int length;
    private boolean pooled = true;
    private @Nullable Packet next;

    private int link = NO_LINK;
    private long remoteHigh;
    private long remoteLow;
    private int remotePort;
    private long localHigh;
    private long localLow;

    private long dataSequence;
    private long timeNs;
    private int flags;
    private int flow;
    private boolean partialChecksum;
    private boolean alone;
    private int ecn;

    Packet(PacketPool pool, MemorySegment segment) {
        this.pool = pool;
        this.segment = segment;
        this.address = segment.address();
    }

    /// The whole memory of this packet, [#CAPACITY] bytes.
    public MemorySegment segment() {
        return segment;
    }

    /// Native address of byte 0 of [#segment].
    public long address() {
        return address;
    }

    /// Where the content starts.
    public int offset() {
        return offset;
    }

    /// Bytes of content.
    public int length() {
        return length;
    }

    /// Free bytes behind the content.
    public int tailroom() {
        return CAPACITY - offset - length;
    }

    /// Sets where the content starts and how long it is.
    public void content(int offset, int length) {
        assert offset >= 0 && length >= 0 && offset + length <= CAPACITY : offset + "+" + length;
        this.offset = offset;
        this.length = length;
    }

    /// Sets the length of the content.
    public void length(int length) {
        content(offset, length);
    }

    /// Grows the content by `bytes` in front.
    public void prepend(int bytes) {
        content(offset - bytes, length + bytes);
    }

    /// Shrinks the content by `bytes` in front.
    public void strip(int bytes) {
        content(offset + bytes, length - bytes);
    }

    /// The local link the datagram came in by or leaves by, or [#NO_LINK].
    public int link() {
        return link;
    }

    /// Sets the local link.
    public void link(int link) {
        this.link = link;
    }

    /// High half of the remote address as IPv6; IPv4 is mapped (RFC 4291, section 2.5.5.2).
    public long remoteHigh() {
        return remoteHigh;
    }

    /// Low half of the remote address.
    public long remoteLow() {
        return remoteLow;
    }

    /// Remote UDP port, `0..65535`.
    public int remotePort() {
        return remotePort;
    }

    /// Sets the remote address and port.
    public void remote(long high, long low, int port) {
        this.remoteHigh = high;
        this.remoteLow = low;
        this.remotePort = port;
    }

    /// High half of the local address the datagram was sent to, or leaves from; 0 with a low half of 0
    /// lets the kernel choose.
    public long localHigh() {
        return localHigh;
    }

    /// Low half of the local address.
    public long localLow() {
        return localLow;
    }

    /// Sets the local address.
    public void local(long high, long low) {
        this.localHigh = high;
        this.localLow = low;
    }

    /// Data sequence number, extended to 64 bits; meaningful for sequenced inner packets.
    public long dataSequence() {
        return dataSequence;
    }

    /// Sets the data sequence number.
    public void dataSequence(long dataSequence) {
        this.dataSequence = dataSequence;
    }

    /// An instant whose meaning belongs to the owner: arrival, entry into a queue.
    public long timeNs() {
        return timeNs;
    }

    /// Sets the owner's instant.
    public void timeNs(long timeNs) {
        this.timeNs = timeNs;
    }

    /// Bits whose meaning belongs to the owner.
    public int flags() {
        return flags;
    }

    /// Sets the owner's bits.
    public void flags(int flags) {
        this.flags = flags;
    }

    /// Hash of the inner flow, set by whoever classified the packet.
    public int flow() {
        return flow;
    }

    /// Sets the flow hash.
    public void flow(int flow) {
        this.flow = flow;
    }

    /// Whether the checksum of the inner TCP segment or UDP datagram is partial, see [SegmentFlyweight]: whoever
    /// hands the packet to somebody who does not know must finish it, and nobody may change what it covers.
    public boolean hasPartialChecksum() {
        return partialChecksum;
    }

    /// Sets whether the checksum is partial.
    public void partialChecksum(boolean partialChecksum) {
        this.partialChecksum = partialChecksum;
    }

    /// Whether this datagram must not be joined with others on its way out: its size is what it asks about.
    public boolean isAlone() {
        return alone;
    }

    /// Sets whether it must go alone.
    public void alone(boolean alone) {
        this.alone = alone;
    }

    /// ECN field of the IP header around a datagram, `0..3` as in [IpFlyweight#ecn]; of an inner packet, what the
    /// datagram that carries it gets.
    public int ecn() {
        return ecn;
    }

    /// Sets the ECN field of the header around it.
    public void ecn(int ecn) {
        this.ecn = ecn;
    }

    /// Copies content and addresses of `source`, at the same offset.
    public void copyFrom(Packet source) {
        content(source.offset, source.length);
        MemorySegment.copy(source.segment, source.offset, segment, offset, length);
        link = source.link;
        remote(source.remoteHigh, source.remoteLow, source.remotePort);
        local(source.localHigh, source.localLow);
        dataSequence = source.dataSequence;
        timeNs = source.timeNs;
        flags = source.flags;
        flow = source.flow;
        partialChecksum = source.partialChecksum;
        alone = source.alone;
        ecn = source.ecn;
    }

    /// The packet behind this one in its [PacketQueue].
    @Nullable
    Packet next() {
        return next;
    }

    void next(@Nullable Packet next) {
        this.next = next;
    }

    /// Gives the packet back to its pool. Exactly once, by the last owner.
    public void release() {
        pool.release(this);
    }

    void onAcquire() {
        assert pooled : "acquired twice";
        pooled = false;
        offset = HEADROOM;
        length = 0;
        link = NO_LINK;
        flags = 0;
        flow = 0;
        partialChecksum = false;
        alone = false;
        ecn = 0;
        dataSequence = 0;
        timeNs = 0;
        remote(0, 0, 0);
        local(0, 0);
    }

    void onRelease() {
        assert !pooled : "released twice";
        pooled = true;
    }
}
