package io.onebox.engine.session;

import io.onebox.engine.packet.IpFlyweight;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketQueue;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.PathState;
import io.onebox.engine.path.Paths;
import io.onebox.engine.queue.FlowQueue;
import io.onebox.engine.queue.FlowTable;
import io.onebox.engine.repair.InFlight;
import io.onebox.engine.repair.RepairQueue;
import io.onebox.engine.repair.SentPackets;
import io.onebox.engine.schedule.EarliestArrivalScheduler;
import io.onebox.engine.schedule.Eligibility;
import io.onebox.engine.schedule.PullScheduler;
import io.onebox.engine.stats.DropReason;
import io.onebox.engine.stats.SessionCounters;
import io.onebox.engine.wire.DataFlyweight;
import io.onebox.engine.wire.SendTime;
import org.jspecify.annotations.Nullable;

/// Inner packets from TUN to the paths, and again if they are lost:
///
/// ```
///   tun --> classify --+--> sparse: the earliest path, at once ----+--> seal --> path
///                      +--> flow queue --> the path that pulls ----+
///                                 repairs: the earliest path ------+
/// ```
final class Outgoing implements InFlight.Fate, FlowQueue.Discards {

    /// Inner packets waiting at the most: 100 ms at 1 Gbit/s.
    private static final int MAX_QUEUED = 8_192;

    /// Sparse packets waiting at the most; more than these are not sparse.
    private static final int MAX_SPARSE = 256;

    /// Inner packets kept for repair at the most: 8 MB of full ones (protocol.md, 2).
    private static final int MAX_SENT = 8_192;

    /// A packet is sent again this often at the most, while it is useful. More than the two of protocol.md 2: a
    /// path that searches its rate can drop copy after copy of a ping. A guess.
    private static final int MAX_REPAIRS = 6;

    /// Older packets are of no use to anybody. A guess: TCP's own timer is at work by then.
    private static final long USEFUL_NS = 1_000_000_000;

    /// A repair may overtake at most this much of what its path has accepted.
    private static final long REPAIR_BACKLOG_NS = 20_000_000;

    /// Bytes a bulk run may have, in time of its path's pace: one wake-up, one GSO send (protocol.md, 2).
    private static final long RUN_NS = 1_000_000;

    private static final int RUN_PACKETS = 44;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final Paths paths;
    private final MessageSender sender;
    private final SessionCounters counters;
    private final FlowTable flows = new FlowTable();
    private final FlowQueue queue = new FlowQueue(MAX_QUEUED, this);
    private final PacketQueue sparse = new PacketQueue();
    private final SentPackets bulkSent = new SentPackets(MAX_SENT);
    private final SentPackets sparseSent = new SentPackets(MAX_SENT);
    private final RepairQueue repairs = new RepairQueue();
    private final Eligibility eligibility = new Eligibility();
    private final EarliestArrivalScheduler earliest = new EarliestArrivalScheduler();
    private final PullScheduler pull = new PullScheduler(eligibility);
    private final DataFlyweight header = new DataFlyweight();
    private final DuplicationBudget duplicates = new DuplicationBudget();

    private boolean plainPeer = true;
    private long lastDataNs = Long.MIN_VALUE / 2;
    private @Nullable Packet stalled;
    private long nowNs;

    Outgoing(Paths paths, MessageSender sender, SessionCounters counters) {
        this.paths = paths;
        this.sender = sender;
        this.counters = counters;
    }

    /// Sets whether the peer understands bare IP packets only.
    void plainPeer(boolean plainPeer) {
        this.plainPeer = plainPeer;
    }

    /// A path changed its state: look again at which may be used.
    void onPathsChanged() {
        eligibility.invalidate();
    }

    /// Whether bulk packets are spread over `path`.
    boolean isBonded(Path path) {
        for (int i = 0; i < paths.count(); i++) {
            if (paths.get(i) == path) {
                return eligibility.isOpen(i);
            }
        }
        return false;
    }

    /// When an inner packet was last sent.
    long lastDataNs() {
        return lastDataNs;
    }

    /// The data sequence number the next bulk packet gets.
    int nextSequence() {
        return (int) bulkSent.next();
    }

    /// Inner packets waiting to be sent for the first time.
    int queued() {
        return queue.count() + sparse.count() + (stalled == null ? 0 : 1);
    }

    /// Takes an inner packet, which the window `packetIp` is over.
    void onTunPacket(Packet packet, IpFlyweight packetIp, long nowNs) {
        counters.onFromTun(packet.length());
        packet.flow(packetIp.flowHash());
        FlowTable.Kind kind = flows.onPacket(packetIp, packet.flow(), packet.length(), nowNs);
        if (kind != FlowTable.Kind.BULK && sparse.count() < MAX_SPARSE) {
            packet.timeNs(nowNs);
            packet.flags(
                    kind == FlowTable.Kind.SPARSE
                            ? DataFlyweight.SPARSE | DataFlyweight.DUPLICATE
                            : DataFlyweight.SPARSE);
            sparse.add(packet);
        } else {
            packet.flags(0);
            queue.add(packet, nowNs);
        }
    }

    /// Sends what may be sent. Returns when to call again.
    long pump(long nowNs) {
        this.nowNs = nowNs;
        if (eligibility.review(paths, 0, nowNs)) {
            tellBond(nowNs);
        }
        sendRepairs(nowNs);
        sendSparse(nowNs);
        return sendBulk(nowNs);
    }

    /// Gives up everything that waits.
    void close() {
        repairs.clear();
        drain(sparse);
        Packet first = stalled;
        stalled = null;
        if (first != null) {
            drop(first, DropReason.CLOSED);
        }
        for (Packet packet = queue.poll(nowNs); packet != null; packet = queue.poll(nowNs)) {
            drop(packet, DropReason.CLOSED);
        }
        bulkSent.clear();
        sparseSent.clear();
    }

    @Override
    public void acknowledged(long content, int bytes, long sentNs) {
        if (content >= 0) {
            store(content).onAcknowledged(sequence(content));
        }
    }

    @Override
    public void lost(long content, int bytes, long sentNs) {
        if (content < 0) {
            return;
        }
        SentPackets store = store(content);
        long sequence = sequence(content);
        if (!store.onLost(sequence)) {
            return;
        }
        Packet packet = store.get(sequence);
        if (packet == null) {
            return;
        }
        if (store.repairs(sequence) >= MAX_REPAIRS || nowNs - packet.timeNs() > USEFUL_NS) {
            counters.onLost();
            store.forget(sequence);
        } else {
            repairs.add(content);
        }
    }

    @Override
    public void discard(Packet packet, boolean overflow) {
        drop(packet, overflow ? DropReason.OVERFLOW : DropReason.QUEUE_DELAY);
    }

    /// The receiver evens out the delays of the paths it knows to be bonded: probes tell it at once.
    private void tellBond(long nowNs) {
        for (int i = 0; i < paths.count(); i++) {
            paths.get(i).life().hurryProbe(nowNs);
        }
    }

    private void sendRepairs(long nowNs) {
        while (!repairs.isEmpty()) {
            long key = repairs.peek();
            SentPackets store = store(key);
            Packet packet = store.get(sequence(key));
            if (packet == null) {
                repairs.poll();
                continue;
            }
            Path path = earliest.select(paths, packet.length(), nowNs);
            if (path == null || path.waitNs(nowNs) > REPAIR_BACKLOG_NS) {
                return;
            }
            repairs.poll();
            store.onRepair(sequence(key));
            if (sendCopies(path, key, packet, packet.flags() | DataFlyweight.RETRANSMISSION, nowNs)) {
                counters.onRepaired();
            } else {
                counters.onLost();
                store.forget(sequence(key));
            }
        }
    }

    private void sendSparse(long nowNs) {
        while (!sparse.isEmpty()) {
            Packet packet = sparse.peek();
            if (packet == null) {
                return;
            }
            Path path = earliest.select(paths, packet.length(), nowNs);
            if (path == null || path.waitNs(nowNs) > REPAIR_BACKLOG_NS) {
                expire(sparse, nowNs);
                return;
            }
            sparse.poll();
            sendFirst(path, packet, sparseSent, nowNs);
        }
    }

    /// Lets each path pull runs of bulk packets as long as its pace allows.
    private long sendBulk(long nowNs) {
        while (true) {
            if (stalled == null && queue.count() == 0) {
                pull.onIdle(paths, nowNs);
                return repairs.isEmpty() && sparse.isEmpty() ? Long.MAX_VALUE : nowNs + RUN_NS;
            }
            Path path = pull.select(paths, 1_500, nowNs);
            if (path == null) {
                return eligibility.openCount() == 0 ? sendDegraded(nowNs) : pull.readyNs(paths, nowNs);
            }
            sendRun(path, nowNs);
        }
    }

    private void sendRun(Path path, long nowNs) {
        long budget = Math.max(1, path.bytesPerSecond() * RUN_NS / NS_PER_SECOND);
        for (int i = 0; i < RUN_PACKETS && budget > 0; i++) {
            Packet packet = nextBulk(nowNs);
            if (packet == null) {
                return;
            }
            budget -= packet.length();
            sendFirst(path, packet, bulkSent, nowNs);
        }
    }

    /// No path is open to bulk: what waits goes wherever anything can go, or waits on for a while.
    private long sendDegraded(long nowNs) {
        Path path = earliest.select(paths, 1_500, nowNs);
        if (path == null) {
            expireBulk(nowNs);
            return queued() == 0 ? Long.MAX_VALUE : nowNs + REPAIR_BACKLOG_NS;
        }
        if (path.waitNs(nowNs) == 0) {
            sendRun(path, nowNs);
        }
        return Math.max(path.readyNs(), nowNs + RUN_NS);
    }

    private void expireBulk(long nowNs) {
        while (true) {
            Packet packet = nextBulk(nowNs);
            if (packet == null) {
                return;
            }
            if (nowNs - packet.timeNs() <= USEFUL_NS) {
                stalled = packet;
                return;
            }
            drop(packet, DropReason.NO_PATH);
        }
    }

    private @Nullable Packet nextBulk(long nowNs) {
        Packet packet = stalled;
        stalled = null;
        return packet != null ? packet : queue.poll(nowNs);
    }

    private void expire(PacketQueue waiting, long nowNs) {
        for (Packet first = waiting.peek();
                first != null && nowNs - first.timeNs() > USEFUL_NS;
                first = waiting.peek()) {
            waiting.poll();
            drop(first, DropReason.NO_PATH);
        }
    }

    private void sendFirst(Path path, Packet packet, SentPackets store, long nowNs) {
        lastDataNs = nowNs;
        if (plainPeer) {
            sendBare(path, packet, nowNs);
            return;
        }
        boolean wantsCopy = (packet.flags() & DataFlyweight.DUPLICATE) != 0 && path.state() == PathState.USABLE;
        Path second = wantsCopy ? earliest.selectOther(paths, path, packet.length(), nowNs) : null;
        boolean copies = second != null && duplicates.allows(second, packet.length(), nowNs);
        packet.flags(copies ? packet.flags() : packet.flags() & ~DataFlyweight.DUPLICATE);
        packet.timeNs(nowNs);
        long key = store.add(packet) << 1 | (store == sparseSent ? 1 : 0);
        counters.onSent();
        boolean sent = sendCopies(path, key, packet, packet.flags(), nowNs);
        if (copies && second != null) {
            sent |= sendCopy(second, key, packet, packet.flags(), nowNs);
        }
        if (!sent) {
            counters.onLost();
            store.forget(sequence(key));
        }
    }

    /// Sends a packet that its store holds over `path` and, if that is in doubt, over every other path that
    /// might work: nobody knows which of them does.
    private boolean sendCopies(Path path, long key, Packet packet, int flags, long nowNs) {
        boolean sent = sendCopy(path, key, packet, flags, nowNs);
        if (path.state() == PathState.USABLE) {
            return sent;
        }
        for (int i = 0; i < paths.count(); i++) {
            Path other = paths.get(i);
            if (other != path && earliest.mayCarry(other, nowNs)) {
                sent |= sendCopy(other, key, packet, flags | DataFlyweight.DUPLICATE, nowNs);
            }
        }
        return sent;
    }

    /// Sends one copy of a packet that its store holds.
    private boolean sendCopy(Path path, long key, Packet packet, int flags, long nowNs) {
        packet.prepend(DataFlyweight.LENGTH);
        int checksum = packet.hasPartialChecksum() ? DataFlyweight.PARTIAL_CHECKSUM : 0;
        header.wrap(packet.segment(), packet.offset()).write(flags | checksum, SendTime.of(nowNs), (int) sequence(key));
        boolean sent = sender.send(path, packet, key, this, nowNs);
        packet.strip(DataFlyweight.LENGTH);
        if (sent) {
            store(key).onSent(sequence(key));
        }
        return sent;
    }

    private void sendBare(Path path, Packet packet, long nowNs) {
        if (sender.send(path, packet, Path.UNRELIABLE, this, nowNs)) {
            counters.onSent();
            packet.release();
        } else {
            drop(packet, DropReason.NO_PATH);
        }
    }

    private void drain(PacketQueue waiting) {
        for (Packet packet = waiting.poll(); packet != null; packet = waiting.poll()) {
            drop(packet, DropReason.CLOSED);
        }
    }

    private void drop(Packet packet, DropReason reason) {
        counters.onDropped(reason);
        packet.release();
    }

    private SentPackets store(long key) {
        return (key & 1) == 0 ? bulkSent : sparseSent;
    }

    private static long sequence(long key) {
        return key >>> 1;
    }
}
