package io.onebox.engine.session;

import io.onebox.engine.packet.IpFlyweight;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketQueue;
import io.onebox.engine.path.BondingMode;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.PathState;
import io.onebox.engine.path.Paths;
import io.onebox.engine.queue.FlowQueue;
import io.onebox.engine.queue.FlowTable;
import io.onebox.engine.repair.InFlight;
import io.onebox.engine.schedule.EarliestArrivalScheduler;
import io.onebox.engine.schedule.Eligibility;
import io.onebox.engine.schedule.PullScheduler;
import io.onebox.engine.stats.DropReason;
import io.onebox.engine.stats.SessionCounters;
import io.onebox.engine.wire.DataFlyweight;
import org.jspecify.annotations.Nullable;

/// Inner packets from TUN to the paths, and again if they are lost:
///
/// ```
///   tun --> classify --+--> sparse: the earliest path, at once ----+--> seal --> path
///                      +--> flow queue --> the path that pulls ----+
///                    [DataSender]: repairs, late copies -----------+
/// ```
final class Outgoing implements FlowQueue.Discards {

    /// Inner packets waiting at the most: 100 ms at 1 Gbit/s.
    private static final int MAX_QUEUED = 8_192;

    /// Sparse packets waiting at the most; more than these are not sparse.
    private static final int MAX_SPARSE = 256;

    /// The same while they are of a bulk flow: others must not wait behind it. A guess.
    private static final int MAX_COPIED = 16;

    /// Bytes a bulk run may have, in time of its path's pace: one wake-up, one GSO send (protocol.md, 2).
    private static final long RUN_NS = 1_000_000;

    private static final int RUN_PACKETS = 44;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final Paths paths;
    private final MessageSender sender;
    private final SessionCounters counters;
    private final Oversize oversize;
    private final FlowTable flows = new FlowTable();
    private final FlowQueue queue = new FlowQueue(MAX_QUEUED, this);
    private final PacketQueue sparse = new PacketQueue();
    private final DataSender data;
    private final Eligibility eligibility = new Eligibility();
    private final EarliestArrivalScheduler earliest = new EarliestArrivalScheduler();
    private final PullScheduler pull = new PullScheduler(eligibility);
    private final DuplicationBudget duplicates = new DuplicationBudget();

    private boolean plainPeer = true;
    private boolean waits;
    private long lastDataNs = Long.MIN_VALUE / 2;
    private @Nullable Packet stalled;
    private long nowNs;

    Outgoing(Paths paths, MessageSender sender, SessionCounters counters, Oversize oversize) {
        this.paths = paths;
        this.sender = sender;
        this.counters = counters;
        this.oversize = oversize;
        this.data = new DataSender(paths, sender, counters, oversize);
    }

    /// Who is told what became of each message.
    InFlight.Fate fate() {
        return data;
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

    /// Whether `path` carries no data because cheaper ones suffice.
    boolean isSpared(Path path) {
        return eligibility.isSpared(path);
    }

    /// Whether `path` would only hold up the others.
    boolean isLeftOut(Path path) {
        return eligibility.mode() != BondingMode.REDUNDANT && !isSpared(path) && !isBonded(path);
    }

    /// When an inner packet was last sent.
    long lastDataNs() {
        return lastDataNs;
    }

    /// The data sequence number the next bulk packet gets.
    int nextSequence() {
        return data.nextSequence();
    }

    /// Inner packets waiting to be sent for the first time.
    int queued() {
        return queue.count() + sparse.count() + (stalled == null ? 0 : 1);
    }

    /// Takes an inner packet, which the window `packetIp` is over.
    void onTunPacket(Packet packet, IpFlyweight packetIp, long nowNs) {
        counters.onFromTun(packet.length());
        packet.flow(packetIp.flowHash());
        packet.ecn(packetIp.ecn());
        FlowTable.Kind kind = flows.onPacket(packetIp, packet.flow(), packet.length(), nowNs);
        if ((sparse.count() < MAX_SPARSE && kind != FlowTable.Kind.BULK) || isCopied(packetIp)) {
            packet.timeNs(nowNs);
            packet.flags(DataFlyweight.SPARSE
                    | (kind == FlowTable.Kind.SPARSE ? DataFlyweight.DUPLICATE : 0)
                    | (packetIp.protocol() == IpFlyweight.UDP ? DataFlyweight.STEADY : 0));
            sparse.add(packet);
        } else {
            packet.flags(0);
            queue.add(packet, nowNs);
        }
    }

    /// Whether a packet of a bulk flow goes at once, twice, and is not put in order: what is no TCP, in redundant mode.
    private boolean isCopied(IpFlyweight packetIp) {
        return eligibility.mode() == BondingMode.REDUNDANT
                && packetIp.protocol() != IpFlyweight.TCP
                && sparse.count() < MAX_COPIED;
    }

    /// Sends what may be sent. Returns when to call again.
    long pump(long nowNs) {
        this.nowNs = nowNs;
        data.now(nowNs);
        if (eligibility.review(paths, waits, nowNs)) {
            tellBond(nowNs);
        }
        queue.varies(eligibility.varies());
        data.sendRepairs(sparse, nowNs);
        sendSparse(nowNs);
        long lateNs = data.sendLate(nowNs);
        long bulkNs = sendBulk(nowNs);
        waits = stalled != null || queue.count() > 0;
        return Math.min(lateNs, bulkNs);
    }

    /// Gives up everything that waits.
    void close() {
        drain(sparse);
        for (Packet packet = nextBulk(nowNs); packet != null; packet = nextBulk(nowNs)) {
            drop(packet, DropReason.CLOSED);
        }
        data.clear();
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

    private void sendSparse(long nowNs) {
        while (!sparse.isEmpty()) {
            Packet packet = sparse.peek();
            if (packet == null) {
                return;
            }
            Path path = earliest.select(paths, packet.length(), nowNs);
            if (path == null || earliest.waitNs(paths, path, nowNs) > DataSender.REPAIR_BACKLOG_NS) {
                expire(sparse, nowNs);
                return;
            }
            sparse.poll();
            sendFirst(path, packet, true, nowNs);
        }
    }

    /// Lets each path pull runs of bulk packets as long as its pace allows.
    private long sendBulk(long nowNs) {
        while (true) {
            if (stalled == null && queue.count() == 0) {
                pull.onIdle(paths, nowNs);
                return !data.hasRepairs() && sparse.isEmpty() ? Long.MAX_VALUE : nowNs + RUN_NS;
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
            sendFirst(path, packet, false, nowNs);
        }
    }

    /// No path is open to bulk: what waits goes wherever anything can go, or waits on for a while.
    private long sendDegraded(long nowNs) {
        Path path = earliest.select(paths, 1_500, nowNs);
        if (path == null) {
            expireBulk(nowNs);
            return queued() == 0 ? Long.MAX_VALUE : nowNs + DataSender.REPAIR_BACKLOG_NS;
        }
        if (path.waitNs(nowNs) == 0 && earliest.waitNs(paths, path, nowNs) <= DataSender.REPAIR_BACKLOG_NS) {
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
            if (nowNs - packet.timeNs() <= DataSender.USEFUL_NS) {
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
                first != null && nowNs - first.timeNs() > DataSender.USEFUL_NS;
                first = waiting.peek()) {
            waiting.poll();
            drop(first, DropReason.NO_PATH);
        }
    }

    private void sendFirst(Path path, Packet packet, boolean sparse, long nowNs) {
        lastDataNs = nowNs;
        if (!oversize.fits(packet)) {
            PacketQueue pieces = oversize.split(packet, nowNs);
            for (Packet piece = pieces.poll(); piece != null; piece = pieces.poll()) {
                sendFirst(path, piece, sparse, nowNs);
            }
            return;
        }
        if (plainPeer) {
            sendBare(path, packet, nowNs);
            return;
        }
        Path second = second(path, packet, nowNs);
        packet.flags(
                second == null ? packet.flags() & ~DataFlyweight.DUPLICATE : packet.flags() | DataFlyweight.DUPLICATE);
        if (second == null
                || eligibility.mode() != BondingMode.REDUNDANT
                || !path.loss().isLossy()) {
            packet.flags(packet.flags() & ~DataFlyweight.STEADY);
        }
        data.sendFirst(path, second, packet, sparse, nowNs);
    }

    /// The path for a second copy of a packet that goes over `path`, or `null` if it gets none.
    private @Nullable Path second(Path path, Packet packet, long nowNs) {
        boolean redundant = eligibility.mode() == BondingMode.REDUNDANT;
        if (path.state() != PathState.USABLE || (!redundant && (packet.flags() & DataFlyweight.DUPLICATE) == 0)) {
            return null;
        }
        Path second = earliest.selectOther(paths, path, packet.length(), nowNs);
        if (second == null || second.state() != PathState.USABLE || eligibility.isSpared(second)) {
            return null;
        }
        boolean allowed = redundant
                ? second.hasWindow() && second.waitNs(nowNs) <= DataSender.REPAIR_BACKLOG_NS
                : duplicates.allows(second, packet.length(), nowNs);
        return allowed ? second : null;
    }

    private void sendBare(Path path, Packet packet, long nowNs) {
        if (sender.send(path, packet, Path.UNRELIABLE, data, nowNs)) {
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
}
