package io.onebox.engine.session;

import io.onebox.engine.packet.IpFragments;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketQueue;
import io.onebox.engine.packet.SegmentFlyweight;
import io.onebox.engine.packet.TooBigReply;
import io.onebox.engine.path.LinkRole;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.PathState;
import io.onebox.engine.path.Paths;
import io.onebox.engine.stats.DropReason;
import io.onebox.engine.stats.SessionCounters;
import io.onebox.engine.wire.DataFlyweight;

/// How large an inner packet may be, and what becomes of those that are larger because the tunnel became narrower
/// while they waited or because the configuration says a larger MTU: those that may be are cut to pieces, the senders
/// of the others are told.
final class Oversize {

    /// Answers at once, and answers a second: Linux allows 1000 a second and 50 at once for all of ICMP.
    private static final int BURST = 50;

    private static final long ANSWER_NS = 10_000_000;

    private final MessageSender sender;
    private final SessionCounters counters;
    private final Outbox outbox;
    private final PacketQueue pieces = new PacketQueue();
    private final IpFragments fragments = new IpFragments();
    private final TooBigReply reply = new TooBigReply();
    private final SegmentFlyweight segment = new SegmentFlyweight();

    private int mtuBytes;
    private long earnedNs;

    Oversize(MessageSender sender, SessionCounters counters, Outbox outbox) {
        this.sender = sender;
        this.counters = counters;
        this.outbox = outbox;
    }

    /// Largest inner packet that fits every path in use, or 0 while none was measured.
    int mtuBytes() {
        return mtuBytes;
    }

    /// Looks at the paths again: what fits every path in use fits every path it may be repaired on. While none is
    /// usable, what was known stays.
    ///
    /// @return whether the largest inner packet is another
    boolean follow(Paths paths) {
        int leastBytes = Integer.MAX_VALUE;
        for (int i = 0; i < paths.count(); i++) {
            Path path = paths.get(i);
            if (isInUse(path) && path.mtu().isKnown()) {
                leastBytes = Math.min(leastBytes, path.innerBytes());
            }
        }
        if (leastBytes == Integer.MAX_VALUE || leastBytes == mtuBytes) {
            return false;
        }
        mtuBytes = leastBytes;
        return true;
    }

    private static boolean isInUse(Path path) {
        return (path.state() == PathState.USABLE || path.state() == PathState.SUSPECT)
                && path.use().tier() != LinkRole.NEVER
                && !path.use().isPaused();
    }

    /// Whether a packet can go as it is.
    boolean fits(Packet packet) {
        return mtuBytes == 0 || packet.length() <= mtuBytes;
    }

    /// The pieces of a packet from TUN, or nothing: then it is dropped and its sender told. Takes ownership; the queue
    /// must be emptied before the next call.
    PacketQueue split(Packet packet, long nowNs) {
        segment.finishChecksum(packet);
        if (fragments.wrap(packet, mtuBytes)) {
            cut(packet);
        } else {
            answer(packet, nowNs);
        }
        if (pieces.isEmpty()) {
            counters.onDropped(DropReason.TOO_LARGE);
        }
        packet.release();
        return pieces;
    }

    /// A packet that was sent in vain, and stays with its store, is too large to be sent again: lets a copy of it
    /// come as if from TUN, to be split or answered.
    void takeBack(Packet packet, PacketQueue waiting) {
        Packet copy = sender.acquire();
        if (copy == null) {
            counters.onLost();
            return;
        }
        copy.copyFrom(packet);
        copy.flags(DataFlyweight.SPARSE);
        counters.onFromTun(0);
        waiting.add(copy);
    }

    private void cut(Packet packet) {
        while (fragments.hasMore()) {
            Packet piece = sender.acquire();
            if (piece == null) {
                return;
            }
            if (!pieces.isEmpty()) {
                counters.onFromTun(0);
            }
            fragments.next(piece);
            piece.timeNs(packet.timeNs());
            piece.flags(packet.flags());
            piece.flow(packet.flow());
            piece.ecn(packet.ecn());
            pieces.add(piece);
        }
    }

    private void answer(Packet packet, long nowNs) {
        earnedNs = Math.max(earnedNs, nowNs - BURST * ANSWER_NS);
        if (nowNs - earnedNs < ANSWER_NS || !reply.isDue(packet)) {
            return;
        }
        Packet answer = sender.acquire();
        if (answer != null) {
            earnedNs += ANSWER_NS;
            reply.write(packet, mtuBytes, answer);
            outbox.deliver(answer);
        }
    }
}
