package io.onebox.engine.session;

import io.onebox.engine.packet.IpFlyweight;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.Paths;
import io.onebox.engine.reorder.DuplicateFilter;
import io.onebox.engine.reorder.ReorderBuffer;
import io.onebox.engine.stats.DropReason;
import io.onebox.engine.stats.SessionCounters;
import io.onebox.engine.wire.DataFlyweight;
import java.util.List;

/// Inner packets from the paths to TUN, each once and, if they are bulk, in order:
///
/// ```
///   open --> allowed source --> duplicate --+--> sparse, bare: at once -----------+--> tun
///                                           +--> steady: steady playout ----------+
///                                           +--> bulk: reorder buffer and playout +
/// ```
final class Incoming {

    /// Numbers the reorder buffer spans at the most: 100 ms at 1 Gbit/s and 16 paths' worth of luck.
    private static final int MAX_SPAN = 8_192;

    /// Numbers of sparse packets that a steady stream spans at the most while it is held: 20 ms at 1 Gbit/s, and more.
    private static final int MAX_STEADY_SPAN = 4_096;

    /// Bounds of the time the reorder buffer waits for a repair: protocol.md, 3.
    private static final long MIN_PATIENCE_NS = 10_000_000;

    private static final long MAX_PATIENCE_NS = 400_000_000;

    /// Parts of a repair that no round trip shows: waiting for the third packet, for an ACK, for the
    /// pacer. A guess.
    private static final long REPAIR_MARGIN_NS = 12_000_000;

    private static final int JITTERS = 4;

    private final Paths paths;
    private final SessionCounters counters;
    private final Outbox outbox;
    private final DuplicateFilter bulkFilter = new DuplicateFilter();
    private final DuplicateFilter sparseFilter = new DuplicateFilter();
    private final ReorderBuffer reorder = new ReorderBuffer(MAX_SPAN, this::deliver);
    private final Playout playout = new Playout();
    private final ReorderBuffer steady = new ReorderBuffer(MAX_STEADY_SPAN, this::deliver);
    private final SteadyPlayout steadyPlayout = new SteadyPlayout();
    private final IpFlyweight ip = new IpFlyweight();

    private AllowedIps allowedIps;
    private final Session session;

    Incoming(Session session, Paths paths, SessionCounters counters, Outbox outbox) {
        this.session = session;
        this.paths = paths;
        this.counters = counters;
        this.outbox = outbox;
        this.allowedIps = AllowedIps.of(List.of());
    }

    /// Sets which source addresses belong to which session.
    void allowedIps(AllowedIps allowedIps) {
        this.allowedIps = allowedIps;
    }

    /// Bytes the reorder buffer may hold.
    static int capacityBytes() {
        return MAX_SPAN * 1_500;
    }

    /// Takes a bare inner packet. Takes ownership.
    void onBare(Packet packet) {
        counters.onFromPath();
        if (isAllowed(packet)) {
            deliver(packet);
        }
    }

    /// Takes an inner packet with its DATA header stripped. Takes ownership.
    ///
    /// @param oneWayNs its one-way delay, plus the distance of the clocks
    void onData(Path path, Packet packet, DataFlyweight header, long oneWayNs, long nowNs) {
        boolean sparse = (header.flags() & DataFlyweight.SPARSE) != 0;
        DuplicateFilter filter = sparse ? sparseFilter : bulkFilter;
        long sequence = filter.extend(header.dataSequence());
        boolean copied = (header.flags() & DataFlyweight.DUPLICATE) != 0;
        boolean again = (header.flags() & DataFlyweight.RETRANSMISSION) != 0;
        counters.onFromPath();
        if (!filter.accept(sequence)) {
            drop(packet, DropReason.DUPLICATE);
            return;
        }
        if (!isAllowed(packet)) {
            return;
        }
        packet.partialChecksum((header.flags() & DataFlyweight.PARTIAL_CHECKSUM) != 0);
        packet.dataSequence(sequence);
        if (sparse && (header.flags() & DataFlyweight.STEADY) != 0) {
            long firstNs = again ? oneWayNs + LateCopies.AFTER_NS : oneWayNs;
            hold(packet, steady, steadyPlayout.dueNs(firstNs, paths, nowNs), nowNs);
            return;
        }
        if (sparse) {
            deliver(packet);
            return;
        }
        if (!again) {
            path.arrivals().bonded(true);
        }
        boolean atOnce = again || (copied && sequence == reorder.next());
        hold(packet, reorder, atOnce ? nowNs : playout.dueNs(path, oneWayNs, paths, nowNs), nowNs);
    }

    private void hold(Packet packet, ReorderBuffer buffer, long dueNs, long nowNs) {
        packet.timeNs(dueNs);
        counters.onHeld(dueNs - nowNs);
        if (buffer.offer(packet)) {
            counters.onReordered();
        }
    }

    /// Delivers what is in order and due. Returns when to call again.
    long release(long nowNs) {
        long steadyNs = steady.release(0, nowNs);
        return reorder.heldCount() == 0 ? steadyNs : Math.min(steadyNs, reorder.release(patienceNs(nowNs), nowNs));
    }

    /// Inner packets waiting.
    int held() {
        return reorder.heldCount() + steady.heldCount();
    }

    /// The peer began a new life: delivers what waits, and takes the next number as the first.
    void restart() {
        reorder.restart();
        bulkFilter.restart();
        sparseFilter.restart();
        playout.restart();
        steady.restart();
        steadyPlayout.restart();
    }

    /// As long as a repair takes. A path that should carry packets and is silent may be dying, and the repair of all
    /// that was on it has to squeeze through the others: whoever gave up earlier would let the flow inside see its
    /// packets out of order, and send hundreds of them again for nothing (docs/decisions/0052).
    private long patienceNs(long nowNs) {
        long rttNs = MAX_PATIENCE_NS;
        long jitterNs = 0;
        for (int i = 0; i < paths.count(); i++) {
            Path path = paths.get(i);
            if (path.arrivals().isBonded(nowNs) && path.arrivals().isQuiet(nowNs)) {
                return MAX_PATIENCE_NS;
            }
            if (path.rtt().hasSample()) {
                rttNs = Math.min(rttNs, path.rtt().srttNs());
            }
            if (path.arrivals().isKnown()) {
                jitterNs = Math.max(jitterNs, path.arrivals().jitterNs());
            }
        }
        return Math.clamp(rttNs + JITTERS * jitterNs + REPAIR_MARGIN_NS, MIN_PATIENCE_NS, MAX_PATIENCE_NS);
    }

    private boolean isAllowed(Packet packet) {
        if (!ip.wrap(packet.segment(), packet.offset(), packet.length())) {
            drop(packet, DropReason.MALFORMED);
            return false;
        }
        if (allowedIps.find(ip.sourceHigh(), ip.sourceLow()) != session) {
            drop(packet, DropReason.NOT_ALLOWED);
            return false;
        }
        if (!TunnelEcn.takeOver(ip, packet.ecn())) {
            drop(packet, DropReason.CONGESTED);
            return false;
        }
        return true;
    }

    private void deliver(Packet packet) {
        counters.onDelivered(packet.length());
        outbox.deliver(packet);
    }

    private void drop(Packet packet, DropReason reason) {
        counters.onDropped(reason);
        packet.release();
    }
}
