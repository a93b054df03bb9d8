package io.onebox.engine.session;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketQueue;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.PathState;
import io.onebox.engine.path.Paths;
import io.onebox.engine.repair.InFlight;
import io.onebox.engine.repair.RepairQueue;
import io.onebox.engine.repair.SentPackets;
import io.onebox.engine.schedule.EarliestArrivalScheduler;
import io.onebox.engine.stats.SessionCounters;
import io.onebox.engine.wire.DataFlyweight;
import io.onebox.engine.wire.SendTime;
import org.jspecify.annotations.Nullable;

/// Numbers inner packets, sends them and their copies, keeps them until they are acknowledged, and sends again over
/// the earliest path what is lost. Of steady streams it sends a late copy before anybody knows.
final class DataSender implements InFlight.Fate {

    /// Older packets are of no use to anybody. A guess: TCP's own timer is at work by then.
    static final long USEFUL_NS = 1_000_000_000;

    /// A repair may overtake at most this much of what its path has accepted.
    static final long REPAIR_BACKLOG_NS = 20_000_000;

    /// Inner packets kept for repair at the most: 8 MB of full ones (protocol.md, 2).
    private static final int MAX_SENT = 8_192;

    /// A packet is sent again this often at the most, while it is useful. More than the two of protocol.md 2: a
    /// path that searches its rate can drop copy after copy of a ping. A guess.
    private static final int MAX_REPAIRS = 6;

    private final Paths paths;
    private final MessageSender sender;
    private final SessionCounters counters;
    private final Oversize oversize;
    private final SentPackets bulkSent = new SentPackets(MAX_SENT);
    private final SentPackets sparseSent = new SentPackets(MAX_SENT);
    private final RepairQueue repairs = new RepairQueue();
    private final LateCopies late = new LateCopies();
    private final EarliestArrivalScheduler earliest = new EarliestArrivalScheduler();
    private final DataFlyweight header = new DataFlyweight();
    private long nowNs;

    DataSender(Paths paths, MessageSender sender, SessionCounters counters, Oversize oversize) {
        this.paths = paths;
        this.sender = sender;
        this.counters = counters;
        this.oversize = oversize;
    }

    /// Sets the time of what is reported next.
    void now(long nowNs) {
        this.nowNs = nowNs;
    }

    /// The data sequence number the next bulk packet gets.
    int nextSequence() {
        return (int) bulkSent.next();
    }

    /// Whether lost packets wait to be sent again.
    boolean hasRepairs() {
        return !repairs.isEmpty();
    }

    /// Sends a packet for the first time. Takes ownership.
    ///
    /// @param second carries a copy, unless `null`
    /// @param sparse whether the packet is delivered at once, and numbered for itself
    void sendFirst(Path path, @Nullable Path second, Packet packet, boolean sparse, long nowNs) {
        SentPackets store = sparse ? sparseSent : bulkSent;
        packet.timeNs(nowNs);
        long key = store.add(packet) << 1 | (sparse ? 1 : 0);
        counters.onSent();
        boolean sent = sendCopies(path, key, packet, packet.flags(), nowNs);
        if (second != null) {
            sent |= sendCopy(second, key, packet, packet.flags(), nowNs);
        }
        if (!sent) {
            counters.onLost();
            store.forget(sequence(key));
        } else if ((packet.flags() & DataFlyweight.STEADY) != 0) {
            late.add(key, path, nowNs);
        }
    }

    /// Sends the late copies that are due, unless the packet has been acknowledged or its path is busy. Returns when to
    /// call again.
    long sendLate(long nowNs) {
        while (late.dueNs() <= nowNs) {
            Path path = late.path();
            long key = late.poll();
            Packet packet = store(key).get(sequence(key));
            if (packet != null && path.state() == PathState.USABLE && path.hasWindow() && path.waitNs(nowNs) == 0) {
                sendCopy(path, key, packet, packet.flags() | DataFlyweight.RETRANSMISSION, nowNs);
            }
        }
        return late.dueNs();
    }

    /// Sends again what was lost, as far as the paths have room.
    ///
    /// @param fromTun takes copies of packets that do not fit any more
    void sendRepairs(PacketQueue fromTun, long nowNs) {
        while (!repairs.isEmpty()) {
            long key = repairs.peek();
            SentPackets store = store(key);
            Packet packet = store.get(sequence(key));
            if (packet == null) {
                repairs.poll();
                continue;
            }
            Path path = earliest.select(paths, packet.length(), nowNs);
            if (path == null || earliest.waitNs(paths, path, nowNs) > REPAIR_BACKLOG_NS) {
                return;
            }
            repairs.poll();
            if (!oversize.fits(packet)) {
                oversize.takeBack(packet, fromTun);
                store.forget(sequence(key));
                continue;
            }
            store.onRepair(sequence(key));
            if (sendCopies(path, key, packet, packet.flags() | DataFlyweight.RETRANSMISSION, nowNs)) {
                counters.onRepaired();
            } else {
                counters.onLost();
                store.forget(sequence(key));
            }
        }
    }

    /// Gives up what is kept.
    void clear() {
        repairs.clear();
        late.clear();
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

    private SentPackets store(long key) {
        return (key & 1) == 0 ? bulkSent : sparseSent;
    }

    private static long sequence(long key) {
        return key >>> 1;
    }
}
