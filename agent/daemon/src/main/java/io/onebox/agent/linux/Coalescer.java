package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.onebox.engine.packet.InternetChecksum;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.SegmentFlyweight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Joins packets of a flow that follow each other into one write to a TUN device, which the kernel takes for a packet
/// of up to 64 KiB. Nothing is copied: the kernel gathers the payloads.
///
/// ```
///   | IP TCP | payload 1 |            vector   0: virtio header
///   | IP TCP | payload 2 |   -->               1: IP TCP, payload 1
///   | IP TCP | 3 |                             2: payload 2
///                                              3: payload 3
/// ```
///
/// A *run* is what becomes one write. A packet joins the last run of its flow if cutting that run again
/// gives the same packets: equal headers but for length, identification, sequence number and checksum, all payloads as
/// long as the first except the last. Otherwise it begins a run, and nothing joins the earlier one any more; runs are
/// written in the order they began. So packets of a flow never overtake each other. Checksums that are not
/// partial are checked before they are replaced, so that no fault from before the tunnel is hidden.
///
/// The rules are those of the kernel's own (`net/ipv4/tcp_offload.c`, `tcp_gro_receive`).
public final class Coalescer {

    /// Packets waiting at the most. A guess: what one wake-up brings.
    static final int CAPACITY = 512;

    /// Packets in a run of UDP at the most: `UDP_MAX_SEGMENTS`, which newer kernels raised to 128.
    private static final int MAX_DATAGRAMS = 64;

    /// Packets in a run of TCP at the most: 64 KiB of the smallest segments that are bulk.
    private static final int MAX_SEGMENTS = 128;

    /// Bytes of a run at the most, within what IP and UDP can say.
    private static final int MAX_BYTES = 65_500;

    private static final int TABLE = 256;
    private static final int NONE = -1;

    private static final int FLAG_PSH = 0x08;
    private static final int FLAG_ACK = 0x10;
    private static final int FLAG_ECE = 0x40;
    private static final int IPV4_LENGTH = 20;
    private static final int IPV6_LENGTH = 40;
    private static final int DONT_FRAGMENT = 0x4000;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Writer writer;
    private final boolean joinsUdp;
    private final MemorySegment headerMemory;
    private final VirtioHeader virtio;
    private final IoVector vector;
    private final SegmentFlyweight segment = new SegmentFlyweight();

    private final @Nullable Packet[] packets = new Packet[CAPACITY];
    private final short[] nextInRun = new short[CAPACITY];
    private int count;

    private final short[] first = new short[CAPACITY];
    private final short[] last = new short[CAPACITY];
    private final short[] members = new short[CAPACITY];
    private final int[] bytes = new int[CAPACITY];
    private final int[] headers = new int[CAPACITY];
    private final int[] segmentSize = new int[CAPACITY];
    private final boolean[] open = new boolean[CAPACITY];
    private final boolean[] checked = new boolean[CAPACITY];
    private int runs;

    private final short[] runOfFlow = new short[TABLE];

    /// Takes what is to be written with one call.
    @FunctionalInterface
    public interface Writer {

        /// Writes `vector`, virtio header first.
        ///
        /// @param packets how many packets that are
        void write(IoVector vector, int packets);
    }

    /// Creates one that holds nothing.
    ///
    /// @param joinsUdp whether the kernel takes runs of UDP
    public Coalescer(Arena arena, boolean joinsUdp, Writer writer) {
        this.writer = writer;
        this.joinsUdp = joinsUdp;
        this.headerMemory = arena.allocate(VirtioHeader.LENGTH, Long.BYTES);
        this.virtio = new VirtioHeader(headerMemory);
        this.vector = new IoVector(arena, MAX_SEGMENTS + 1);
        Arrays.fill(runOfFlow, (short) NONE);
    }

    /// Takes a packet, to be written with the next [#flush], which it calls if there is no room. Takes ownership.
    public void add(Packet packet) {
        if (count == CAPACITY) {
            flush();
        }
        if (!segment.wrap(packet)) {
            // We do not know its flow, so nothing of any flow may overtake it.
            Arrays.fill(runOfFlow, (short) NONE);
            packet.partialChecksum(false);
            begin(packet, false);
            return;
        }
        int slot = flowOf(packet) & TABLE - 1;
        boolean joins = mayJoin(packet);
        int run = runOfFlow[slot];
        if (joins && run != NONE && open[run] && follows(run, packet)) {
            append(run, packet);
        } else {
            runOfFlow[slot] = (short) runs;
            begin(packet, joins);
        }
    }

    /// Writes everything.
    public void flush() {
        if (count == 0) {
            return;
        }
        for (int run = 0; run < runs; run++) {
            write(run);
        }
        for (int i = 0; i < count; i++) {
            Packet packet = packets[i];
            packets[i] = null;
            if (packet != null) {
                packet.release();
            }
        }
        count = 0;
        runs = 0;
        Arrays.fill(runOfFlow, (short) NONE);
    }

    /// Gives up everything.
    public void clear() {
        runs = 0;
        flush();
    }

    private int flowOf(Packet packet) {
        MemorySegment memory = packet.segment();
        int at = packet.offset();
        long hash = memory.get(INT, at + segment.transport());
        if (segment.isIpv4()) {
            hash ^= memory.get(LONG, at + 12) * 0x9e3779b97f4a7c15L;
        } else {
            hash ^= (memory.get(LONG, at + 16) ^ memory.get(LONG, at + 32)) * 0x9e3779b97f4a7c15L;
        }
        hash ^= hash >>> 32;
        hash ^= hash >>> 16;
        return (int) (hash ^ hash >>> 8);
    }

    /// Whether the packet under the window is of a kind that can be part of a run.
    private boolean mayJoin(Packet packet) {
        if (segment.payload() == packet.length()
                || segment.transport() != (segment.isIpv4() ? IPV4_LENGTH : IPV6_LENGTH)) {
            return false;
        }
        if (!segment.isTcp()) {
            return joinsUdp && (packet.hasPartialChecksum() || !segment.hasNoChecksum());
        }
        int flags = packet.segment().get(JAVA_BYTE, packet.offset() + segment.transport() + 13);
        return (flags & ~(FLAG_PSH | FLAG_ECE) & 0xff) == FLAG_ACK;
    }

    /// Whether the packet under the window is the next of a run, and their checksums are right.
    private boolean follows(int run, Packet packet) {
        Packet head = packet(first[run]);
        int payload = packet.length() - segment.payload();
        boolean fits = segment.payload() == headers[run]
                && payload <= segmentSize[run]
                && bytes[run] + payload <= MAX_BYTES
                && members[run] < (segment.isTcp() ? MAX_SEGMENTS : MAX_DATAGRAMS);
        return fits
                && sameIp(head, packet, members[run])
                && (segment.isTcp() ? nextTcp(run, head, packet) : samePorts(head, packet))
                && isIntact(packet)
                && isHeadIntact(run, head, packet);
    }

    private boolean sameIp(Packet head, Packet packet, int distance) {
        MemorySegment one = head.segment();
        MemorySegment other = packet.segment();
        int a = head.offset();
        int b = packet.offset();
        if (!segment.isIpv4()) {
            // Version, class and label; next header and hop limit; addresses.
            return one.get(INT, a) == other.get(INT, b)
                    && one.get(SHORT, a + 6) == other.get(SHORT, b + 6)
                    && one.get(LONG, a + 8) == other.get(LONG, b + 8)
                    && one.get(LONG, a + 16) == other.get(LONG, b + 16)
                    && one.get(LONG, a + 24) == other.get(LONG, b + 24)
                    && one.get(LONG, a + 32) == other.get(LONG, b + 32);
        }
        // Version and class; flags and fragment; time to live and protocol; addresses.
        boolean same = one.get(SHORT, a) == other.get(SHORT, b)
                && one.get(SHORT, a + 6) == other.get(SHORT, b + 6)
                && one.get(SHORT, a + 8) == other.get(SHORT, b + 8)
                && one.get(LONG, a + 12) == other.get(LONG, b + 12);
        // Identification means something only where fragments are allowed (RFC 6864, section 4.1).
        boolean follows = (one.get(SHORT, a + 6) & DONT_FRAGMENT) != 0
                || (short) (one.get(SHORT, a + 4) + distance) == other.get(SHORT, b + 4);
        return same && follows;
    }

    private boolean samePorts(Packet head, Packet packet) {
        int transport = segment.transport();
        return head.segment().get(INT, head.offset() + transport)
                == packet.segment().get(INT, packet.offset() + transport);
    }

    private boolean nextTcp(int run, Packet head, Packet packet) {
        MemorySegment one = head.segment();
        MemorySegment other = packet.segment();
        int a = head.offset() + segment.transport();
        int b = packet.offset() + segment.transport();
        int done = bytes[run] - headers[run];
        // Ports; sequence and acknowledgement numbers; header length, flags and window; options.
        return one.get(INT, a) == other.get(INT, b)
                && one.get(INT, a + 4) + done == other.get(INT, b + 4)
                && one.get(INT, a + 8) == other.get(INT, b + 8)
                && ((one.get(INT, a + 12) ^ other.get(INT, b + 12)) & ~(FLAG_PSH << 16)) == 0
                && sameOptions(head, packet);
    }

    private boolean sameOptions(Packet head, Packet packet) {
        for (int at = segment.transport() + 20; at < segment.payload(); at += Integer.BYTES) {
            if (head.segment().get(INT, head.offset() + at) != packet.segment().get(INT, packet.offset() + at)) {
                return false;
            }
        }
        return true;
    }

    private boolean isIntact(Packet packet) {
        return (packet.hasPartialChecksum() || segment.isChecksumRight())
                && (!segment.isIpv4()
                        || InternetChecksum.fold(InternetChecksum.sum(packet.segment(), packet.offset(), IPV4_LENGTH))
                                == 0xffff);
    }

    /// The first packet of a run is checked when the second comes. Leaves the window over `packet`.
    private boolean isHeadIntact(int run, Packet head, Packet packet) {
        if (!checked[run]) {
            checked[run] = true;
            segment.wrap(head);
            open[run] = isIntact(head);
            segment.wrap(packet);
        }
        return open[run];
    }

    private void append(int run, Packet packet) {
        int payload = packet.length() - headers[run];
        keep(packet);
        nextInRun[last[run]] = (short) (count - 1);
        last[run] = (short) (count - 1);
        members[run]++;
        bytes[run] += payload;
        open[run] = payload == segmentSize[run] && !isPushed(packet);
    }

    private void begin(Packet packet, boolean joins) {
        keep(packet);
        first[runs] = (short) (count - 1);
        last[runs] = (short) (count - 1);
        members[runs] = 1;
        bytes[runs] = packet.length();
        headers[runs] = segment.payload();
        segmentSize[runs] = packet.length() - segment.payload();
        open[runs] = joins && !isPushed(packet);
        checked[runs] = false;
        runs++;
    }

    private void keep(Packet packet) {
        packets[count] = packet;
        nextInRun[count] = NONE;
        count++;
    }

    /// PSH ends a run: somebody waits for it, and cutting gives it to the last segment only.
    private boolean isPushed(Packet packet) {
        return segment.isTcp()
                && (packet.segment().get(JAVA_BYTE, packet.offset() + segment.transport() + 13) & FLAG_PSH) != 0;
    }

    private void write(int run) {
        Packet head = packet(first[run]);
        if (members[run] > 1) {
            segment.wrap(head);
            join(run, head);
        } else if (head.hasPartialChecksum()) {
            segment.wrap(head);
            virtio.writeChecksum(segment.transport(), segment.checksumOffset());
        } else {
            virtio.write();
        }
        vector.clear();
        vector.add(headerMemory.address(), VirtioHeader.LENGTH);
        vector.add(head.address() + head.offset(), head.length());
        for (int i = nextInRun[first[run]]; i != NONE; i = nextInRun[i]) {
            Packet packet = packet(i);
            vector.add(packet.address() + packet.offset() + headers[run], packet.length() - headers[run]);
        }
        writer.write(vector, members[run]);
    }

    /// Turns the headers of the first packet, which the window is over, into those of the whole run.
    private void join(int run, Packet head) {
        MemorySegment memory = head.segment();
        int at = head.offset();
        int transport = segment.transport();
        boolean ipv4 = segment.isIpv4();
        boolean tcp = segment.isTcp();
        virtio.writeChecksum(transport, segment.checksumOffset());
        int tcpType = ipv4 ? VirtioHeader.TCP_IPV4 : VirtioHeader.TCP_IPV6;
        virtio.writeSegments(tcp ? tcpType : VirtioHeader.UDP, headers[run], segmentSize[run]);
        if (ipv4) {
            memory.set(SHORT, at + 2, (short) bytes[run]);
            memory.set(SHORT, at + 10, (short) 0);
            InternetChecksum.write(memory, at + 10, InternetChecksum.sum(memory, at, IPV4_LENGTH));
        } else {
            memory.set(SHORT, at + 4, (short) (bytes[run] - IPV6_LENGTH));
        }
        if (tcp) {
            Packet tail = packet(last[run]);
            memory.set(JAVA_BYTE, at + transport + 13, tail.segment().get(JAVA_BYTE, tail.offset() + transport + 13));
        } else {
            memory.set(SHORT, at + transport + 4, (short) (bytes[run] - transport));
        }
        segment.startChecksum(bytes[run]);
    }

    private Packet packet(int index) {
        Packet packet = packets[index];
        if (packet == null) {
            throw new IllegalStateException("no packet " + index + " of " + count);
        }
        return packet;
    }
}
