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

    /// How long a packet may wait for its own flow. Five times the 5 ms of RFC 8290, section 5.2.2: other
    /// flows do not see this queue, and a lone Cubic flow over 50 + 20 Mbit/s fills 93 % of a bond with
    /// it instead of 87 % (simulated, 2026-11-23).
    private static final long TARGET_NS = 25_000_000;

    /// How long a standing queue is tolerated: RFC 8290, section 5.2.1.
    private static final long INTERVAL_NS = 100_000_000;

    private static final int NONE = -1;

    private final PacketQueue[] queues = new PacketQueue[FLOWS];
    private final CoDel[] codels = new CoDel[FLOWS];
    private final int[] deficits = new int[FLOWS];
    private final boolean[] listed = new boolean[FLOWS];
    private final int[] nextFlow = new int[FLOWS];
    private final IpFlyweight ip = new IpFlyweight();
    private final Discards discards;
    private final int maxPackets;

    private int newHead = NONE;
    private int newTail = NONE;
    private int oldHead = NONE;
    private int oldTail = NONE;
    private int count;
    private long bytes;
    private long marked;
    private long targetNs = TARGET_NS;
    private long intervalNs = INTERVAL_NS;

    /// @param maxPackets bound of all flows together; beyond it the longest flow loses its first packet
    public FlowQueue(int maxPackets, Discards discards) {
        this.maxPackets = maxPackets;
        this.discards = discards;
        for (int flow = 0; flow < FLOWS; flow++) {
            queues[flow] = new PacketQueue();
            codels[flow] = new CoDel();
        }
    }

    /// Sets how long a packet may wait, and for how long a standing queue is tolerated.
    public void delays(long targetNs, long intervalNs) {
        this.targetNs = targetNs;
        this.intervalNs = intervalNs;
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
        int flow = packet.flow() & FLOWS - 1;
        packet.timeNs(nowNs);
        queues[flow].add(packet);
        count++;
        bytes += packet.length();
        if (!listed[flow]) {
            listed[flow] = true;
            deficits[flow] = QUANTUM_BYTES;
            appendNew(flow);
        }
        if (count > maxPackets) {
            discardFromLongest();
        }
    }

    /// Takes the packet whose turn it is, or returns `null`.
    public @Nullable Packet poll(long nowNs) {
        while (true) {
            boolean fromNew = newHead != NONE;
            int flow = fromNew ? newHead : oldHead;
            if (flow == NONE) {
                return null;
            }
            if (deficits[flow] <= 0) {
                deficits[flow] += QUANTUM_BYTES;
                removeHead(fromNew);
                appendOld(flow);
                continue;
            }
            Packet packet = pollFlow(flow, nowNs);
            if (packet != null) {
                deficits[flow] -= packet.length();
                return packet;
            }
            removeHead(fromNew);
            if (fromNew && oldHead != NONE) {
                appendOld(flow);
            } else {
                listed[flow] = false;
            }
        }
    }

    /// Releases every packet.
    public void clear() {
        for (int flow = 0; flow < FLOWS; flow++) {
            queues[flow].clear();
        }
        count = 0;
        bytes = 0;
    }

    private @Nullable Packet pollFlow(int flow, long nowNs) {
        PacketQueue queue = queues[flow];
        while (true) {
            Packet packet = queue.poll();
            if (packet == null) {
                codels[flow].restart();
                return null;
            }
            count--;
            bytes -= packet.length();
            long sojournNs = nowNs - packet.timeNs();
            if (!codels[flow].isDue(sojournNs, queue.isEmpty(), targetNs, intervalNs, nowNs)) {
                return packet;
            }
            boolean capable =
                    ip.wrap(packet.segment(), packet.offset(), packet.length()) && ip.ecn() != IpFlyweight.NOT_ECT;
            if (capable) {
                ip.ecn(IpFlyweight.CE);
                marked++;
                return packet;
            }
            discards.discard(packet, false);
        }
    }

    private void discardFromLongest() {
        int longest = 0;
        for (int flow = 1; flow < FLOWS; flow++) {
            if (queues[flow].bytes() > queues[longest].bytes()) {
                longest = flow;
            }
        }
        Packet packet = queues[longest].poll();
        if (packet != null) {
            count--;
            bytes -= packet.length();
            discards.discard(packet, true);
        }
    }

    private void appendNew(int flow) {
        nextFlow[flow] = NONE;
        if (newHead == NONE) {
            newHead = flow;
        } else {
            nextFlow[newTail] = flow;
        }
        newTail = flow;
    }

    private void appendOld(int flow) {
        nextFlow[flow] = NONE;
        if (oldHead == NONE) {
            oldHead = flow;
        } else {
            nextFlow[oldTail] = flow;
        }
        oldTail = flow;
    }

    private void removeHead(boolean fromNew) {
        if (fromNew) {
            newHead = nextFlow[newHead];
        } else {
            oldHead = nextFlow[oldHead];
        }
    }
}
