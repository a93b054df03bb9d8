package io.onebox.engine.queue;

import io.onebox.engine.packet.IpFlyweight;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketQueue;
import org.jspecify.annotations.Nullable;

/// Where inner packets wait for a path: one queue a flow, served in turns, each kept short by CoDel. The
/// bond queues here and not in the modems, so a download does not delay a call.
///
/// Source: FQ-CoDel, RFC 8290. Congestion is marked where the flow understands it (RFC 3168), else the
/// packet is dropped.
public final class FlowQueue {

    /// Takes the packets the queue discards.
    public interface Discards {
        /// CoDel or the bound of the queue chose `packet`. Takes ownership.
        void discard(Packet packet, boolean overflow);
    }

    /// RFC 8290, section 5.2.4.
    private static final int FLOWS = 1_024;

    /// Bytes a flow may send a turn: one full packet (RFC 8290, section 5.2.3).
    private static final int QUANTUM_BYTES = 1_514;

    /// How long a packet may wait for its own flow, and how long a standing queue is tolerated. Far above the 5 and
    /// 100 ms of RFC 8290, section 5.2: other flows do not see this queue, and what waits is what fills the bond
    /// while a flow recovers. Found with the simulator, see docs/decisions/0052.
    private static final long TARGET_NS = 50_000_000;

    private static final long INTERVAL_NS = 300_000_000;

    /// The first of them while the rate of a path varies: docs/decisions/0051.
    private static final long VARYING_TARGET_NS = 100_000_000;

    private final @Nullable Flow[] flows = new Flow[FLOWS];
    private final IpFlyweight ip = new IpFlyweight();
    private final Discards discards;
    private final int maxPackets;

    private final Turns fresh = new Turns();
    private final Turns old = new Turns();
    private int count;
    private long bytes;
    private long marked;
    private long targetNs = TARGET_NS;

    /// @param maxPackets bound of all flows together; beyond it the longest flow loses its first packet
    public FlowQueue(int maxPackets, Discards discards) {
        this.maxPackets = maxPackets;
        this.discards = discards;
    }

    /// Sets whether the rate at which it empties varies.
    public void varies(boolean varies) {
        targetNs = varies ? VARYING_TARGET_NS : TARGET_NS;
    }

    /// Packets waiting.
    public int count() {
        return count;
    }

    /// Bytes waiting.
    public long bytes() {
        return bytes;
    }

    /// Packets marked instead of dropped.
    public long marked() {
        return marked;
    }

    /// Queues `packet` by its flow hash; [Packet#timeNs] becomes the time it came. Takes ownership.
    public void add(Packet packet, long nowNs) {
        Flow flow = flow(packet.flow() & FLOWS - 1);
        packet.timeNs(nowNs);
        flow.queue.add(packet);
        count++;
        bytes += packet.length();
        if (!flow.isListed) {
            flow.isListed = true;
            flow.deficit = QUANTUM_BYTES;
            fresh.append(flow);
        }
        if (count > maxPackets) {
            discardFromLongest();
        }
    }

    /// Made when it is first needed, and kept: a server has hundreds of sessions with few flows.
    private Flow flow(int slot) {
        Flow flow = flows[slot];
        if (flow == null) {
            flow = new Flow();
            flows[slot] = flow;
        }
        return flow;
    }

    /// Takes the packet whose turn it is, or returns `null`.
    public @Nullable Packet poll(long nowNs) {
        while (true) {
            Turns turns = fresh.head == null ? old : fresh;
            Flow flow = turns.head;
            if (flow == null) {
                return null;
            }
            if (flow.deficit <= 0) {
                flow.deficit += QUANTUM_BYTES;
                turns.removeHead(flow);
                old.append(flow);
                continue;
            }
            Packet packet = pollFlow(flow, nowNs);
            if (packet != null) {
                flow.deficit -= packet.length();
                return packet;
            }
            turns.removeHead(flow);
            if (turns == fresh && old.head != null) {
                old.append(flow);
            } else {
                flow.isListed = false;
            }
        }
    }

    /// Releases every packet.
    public void clear() {
        for (Flow flow : flows) {
            if (flow != null) {
                flow.queue.clear();
            }
        }
        count = 0;
        bytes = 0;
    }

    private @Nullable Packet pollFlow(Flow flow, long nowNs) {
        while (true) {
            Packet packet = flow.queue.poll();
            if (packet == null) {
                flow.codel.restart();
                return null;
            }
            count--;
            bytes -= packet.length();
            long sojournNs = nowNs - packet.timeNs();
            if (!flow.codel.isDue(sojournNs, flow.queue.isEmpty(), targetNs, INTERVAL_NS, nowNs)) {
                return packet;
            }
            boolean capable =
                    ip.wrap(packet.segment(), packet.offset(), packet.length()) && ip.ecn() != IpFlyweight.NOT_ECT;
            if (capable) {
                ip.ecn(IpFlyweight.CE);
                packet.ecn(IpFlyweight.CE);
                marked++;
                return packet;
            }
            discards.discard(packet, false);
        }
    }

    private void discardFromLongest() {
        Flow longest = null;
        for (Flow flow : flows) {
            if (flow != null && (longest == null || flow.queue.bytes() > longest.queue.bytes())) {
                longest = flow;
            }
        }
        Packet packet = longest == null ? null : longest.queue.poll();
        if (packet != null) {
            count--;
            bytes -= packet.length();
            discards.discard(packet, true);
        }
    }

    private static final class Flow {
        private final PacketQueue queue = new PacketQueue();
        private final CoDel codel = new CoDel();
        private int deficit;
        private boolean isListed;
        private @Nullable Flow next;
    }

    /// Flows in the order of their turns, linked through themselves.
    private static final class Turns {
        private @Nullable Flow head;
        private @Nullable Flow tail;

        void append(Flow flow) {
            flow.next = null;
            Flow last = tail;
            if (head == null || last == null) {
                head = flow;
            } else {
                last.next = flow;
            }
            tail = flow;
        }

        void removeHead(Flow flow) {
            head = flow.next;
        }
    }
}
