package io.onebox.engine.session;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.path.MtuSearch;
import io.onebox.engine.path.PacketTrain;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.PathState;
import io.onebox.engine.path.Paths;
import io.onebox.engine.repair.InFlight;
import io.onebox.engine.schedule.EarliestArrivalScheduler;
import io.onebox.engine.wire.AckFlyweight;
import io.onebox.engine.wire.ControlFrame.Capacity;
import io.onebox.engine.wire.ControlFrame.Hello;
import io.onebox.engine.wire.ControlFrame.PathUse;
import io.onebox.engine.wire.ControlFrame.Probe;
import io.onebox.engine.wire.ControlFrame.ProbeReply;
import io.onebox.engine.wire.ControlFrameCodec;
import io.onebox.engine.wire.SendTime;
import org.jspecify.annotations.Nullable;

/// What two sessions say to each other about their paths: who they are, what arrived, whether a path
/// lives, and how it may be used.
final class PathControl {

    /// Version of the protocol inside the messages.
    static final int VERSION = 1;

    /// Between two HELLOs or PATH_STATEs that were not answered; a guess, above most round trips.
    private static final long REPEAT_NS = 250_000_000;

    /// How often a path's capacity is told at the most, how often each value, and from which part of it on it is
    /// another one: people look at it, nothing is decided by it.
    private static final long CAPACITY_NS = 2_000_000_000L;

    private static final int CAPACITY_TELLS = 2;
    private static final int CAPACITY_CHANGE = 16;

    /// HELLOs after which a peer that authenticates but never answers is a plain WireGuard peer.
    private static final int PLAIN_AFTER = 8;

    private static final long NS_PER_US = 1_000;

    /// Ids of the probes that search the MTU start here.
    private static final int FIRST_SIZED_ID = 1 << 30;

    /// Idle probes that are due within this time go together with one that is, or with the answer to the peer's: what
    /// idling costs are wake-ups (docs/decisions/0054). Half of their interval, so that they stay together.
    private static final long TOGETHER_NS = 500_000_000;

    /// Least patience with an answer to a padded probe: a ladder is 14 kB, 200 ms at 0.5 Mbit/s.
    private static final long LEAST_PATIENCE_NS = 200_000_000;

    /// A PROBE without padding.
    private static final int PROBE_BYTES = ControlFrameCodec.length(new Probe(0, 0, 0, true, false, 0));

    private final Paths paths;
    private final MessageSender sender;
    private final Outgoing outgoing;
    private final PeerLife peer;
    private final long epoch;
    private final EarliestArrivalScheduler earliest = new EarliestArrivalScheduler();
    private final AckFlyweight ack = new AckFlyweight();
    private final @Nullable Greeting[] greetings = new Greeting[256];
    private boolean peerProbed;

    PathControl(Paths paths, MessageSender sender, Outgoing outgoing, PeerLife peer, long epoch) {
        this.paths = paths;
        this.sender = sender;
        this.outgoing = outgoing;
        this.peer = peer;
        this.epoch = epoch;
    }

    /// New keys: introduces us on `path`.
    void onNewKeys(Path path, long nowNs) {
        Greeting greeting = greeting(path);
        greeting.answered = false;
        greeting.sent = 0;
        greeting.nextNs = nowNs;
        greeting.capacityTold = 0;
        path.use().restart();
    }

    /// Sends what is due on every path. Returns when to call again.
    ///
    /// @param active whether the session carries data
    long onTimer(boolean active, long nowNs) {
        long nextNs = Long.MAX_VALUE;
        long togetherNs = !active && (peerProbed || isProbeDue(nowNs)) ? TOGETHER_NS : 0;
        peerProbed = false;
        for (int i = 0; i < paths.count(); i++) {
            Path path = paths.get(i);
            nextNs = Math.min(nextNs, onTimer(path, active && !outgoing.isSpared(path), togetherNs, nowNs));
        }
        return nextNs;
    }

    private boolean isProbeDue(long nowNs) {
        for (int i = 0; i < paths.count(); i++) {
            Path path = paths.get(i);
            if (path.state() == PathState.USABLE
                    && path.life().probeDueNs(false, path.use().isMetered()) <= nowNs) {
                return true;
            }
        }
        return false;
    }

    private long onTimer(Path path, boolean active, long togetherNs, long nowNs) {
        if (path.state() == PathState.CLOSED || path.keys().sealing(nowNs) == null) {
            return Long.MAX_VALUE;
        }
        long dueNs = Math.min(greet(path, nowNs), tellUse(path, nowNs));
        if (!peer.isKnown()) {
            return dueNs;
        }
        tellCapacity(path, nowNs);
        dueNs = Math.min(dueNs, Math.min(sendTrain(path, nowNs), searchMtu(path, nowNs)));
        long probeNs = path.life().probeDueNs(active, path.use().isMetered());
        if (probeNs - (path.state() == PathState.USABLE ? togetherNs : 0) <= nowNs) {
            probe(path, 0, nowNs);
            probeNs = path.life().probeDueNs(active, path.use().isMetered());
        }
        return Math.min(dueNs, Math.max(probeNs, nowNs + 1));
    }

    /// Sends the ACKs that are due, all in one message over the path on which it arrives first. Returns
    /// when to call again.
    long sendAcks(long nowNs) {
        long dueNs = ackDueNs();
        if (dueNs > nowNs) {
            return dueNs;
        }
        Path path = earliest.select(paths, AckFlyweight.LENGTH, nowNs);
        Packet message = path == null ? null : sender.acquire();
        if (path == null || message == null) {
            return nowNs + REPEAT_NS / 10;
        }
        for (int i = 0; i < paths.count(); i++) {
            Path acknowledged = paths.get(i);
            if (acknowledged.acks().hasNews() && message.length() + AckFlyweight.LENGTH < path.innerBytes()) {
                int at = message.length();
                message.length(at + AckFlyweight.LENGTH);
                ack.wrap(message.segment(), message.offset() + at);
                acknowledged.acks().write(ack, acknowledged.id(), nowNs);
            }
        }
        sender.send(path, message, Path.UNRELIABLE, outgoing.fate(), nowNs);
        if (path.state() != PathState.USABLE || path.arrivals().isQuiet(nowNs)) {
            sendSecondAck(path, message, nowNs);
        }
        message.release();
        return Math.max(ackDueNs(), nowNs + 1);
    }

    private long ackDueNs() {
        long dueNs = Long.MAX_VALUE;
        for (int i = 0; i < paths.count(); i++) {
            dueNs = Math.min(dueNs, paths.get(i).acks().dueNs());
        }
        return dueNs;
    }

    /// The path of the ACKs may just have died, and without them the peer would doubt the others too.
    private void sendSecondAck(Path first, Packet message, long nowNs) {
        Path second = earliest.selectOther(paths, first, AckFlyweight.LENGTH, nowNs);
        if (second != null && message.length() < second.innerBytes() && !outgoing.isSpared(second)) {
            sender.send(second, message, Path.UNRELIABLE, outgoing.fate(), nowNs);
        }
    }

    /// Whether `path` belongs to a peer that authenticates but never said HELLO.
    boolean isPlain(Path path) {
        return !peer.isKnown() && greeting(path).sent >= PLAIN_AFTER;
    }

    void onHello(Path path, Hello hello, long nowNs) {
        Greeting greeting = greeting(path);
        greeting.answered |= hello.isAnswer();
        if (!hello.isAnswer()) {
            sender.send(path, hello(true), Path.UNRELIABLE, outgoing.fate(), nowNs);
        }
    }

    void onPathUse(Path path, PathUse use, long nowNs) {
        if (path.use().onFrame(use)) {
            sender.send(path, PathUse.answer(use.revision()), Path.UNRELIABLE, outgoing.fate(), nowNs);
        }
    }

    void onProbe(Path path, Probe probe, int messageLength, long oneWayNs, long nowNs) {
        peerProbed = true;
        if (probe.wantsReply()) {
            var reply =
                    new ProbeReply(probe.probeId(), SendTime.of(nowNs), 0, (int) (oneWayNs / NS_PER_US), messageLength);
            sender.send(path, reply, Path.UNRELIABLE, outgoing.fate(), nowNs);
        }
    }

    void onProbeReply(Path path, ProbeReply reply, long reportReferenceNs, long nowNs) {
        Greeting greeting = greeting(path);
        if (reply.probeId() >= FIRST_SIZED_ID) {
            path.onReceivedByPeer(reply.receivedBytes(), nowNs);
        }
        long sentNs = greeting.probeSentNs(reply.probeId());
        boolean queued = path.train().onAnswer(reply.probeId(), reply.oneWayUs());
        learn(path, nowNs);
        if (sentNs >= 0 && !queued) {
            long heldNs = Integer.toUnsignedLong(reply.heldUs()) * NS_PER_US;
            path.onProbeReply(nowNs - sentNs - heldNs, reply.oneWayUs(), reportReferenceNs, nowNs);
        }
    }

    /// Sends the padded probes that are due: the first of them before any other probe, so that the path
    /// knows its size when it becomes usable. Only the first of a ladder stands for the path's life and
    /// round trip: the others wait behind it. Lost ones are no loss (RFC 8899, section 3, item 7).
    private long searchMtu(Path path, long nowNs) {
        Greeting greeting = greeting(path);
        MtuSearch search = path.mtu();
        long patienceNs = Math.max(2 * path.rtt().timeoutNs(), LEAST_PATIENCE_NS);
        boolean isFirst = true;
        for (int size = search.nextProbe(path.state(), patienceNs, nowNs);
                size > 0;
                size = search.nextProbe(path.state(), patienceNs, nowNs)) {
            int id = greeting.nextSizedId++;
            if (isFirst) {
                greeting.onProbe(id, nowNs);
            }
            isFirst = false;
            sender.sendAlone(path, probeOf(id, path, path.padding(size, PROBE_BYTES), nowNs), outgoing.fate(), nowNs);
        }
        return Math.max(search.dueNs(path.state()), nowNs + 1);
    }

    private int probe(Path path, int padding, long nowNs) {
        int id = path.life().onProbe(nowNs);
        greeting(path).onProbe(id, nowNs);
        sender.send(path, probeOf(id, path, padding, nowNs), InFlight.NO_PACKET, outgoing.fate(), nowNs);
        return id;
    }

    private Probe probeOf(int id, Path path, int padding, long nowNs) {
        return new Probe(id, SendTime.of(nowNs), outgoing.nextSequence(), true, outgoing.isBonded(path), padding);
    }

    /// Measures a new path before anybody needs it. Returns when to call again.
    private long sendTrain(Path path, long nowNs) {
        learn(path, nowNs);
        if (path.state() != PathState.USABLE
                || !greeting(path).answered
                || !path.rate().isUntried()
                || path.inFlight().bytesInFlight() > MtuSearch.BASE_BYTES) {
            return Long.MAX_VALUE;
        }
        if (path.train().dueNs() > nowNs) {
            return path.train().dueNs();
        }
        int padding = path.padding(MtuSearch.BASE_BYTES, PROBE_BYTES);
        int last = 0;
        for (int i = 0; i < PacketTrain.LENGTH; i++) {
            last = probe(path, padding, nowNs);
        }
        path.train().onSent(last - PacketTrain.LENGTH + 1, MtuSearch.BASE_BYTES, nowNs);
        return path.train().dueNs();
    }

    private static void learn(Path path, long nowNs) {
        long bytesPerSecond = path.train().takeBytesPerSecond(nowNs);
        if (bytesPerSecond > 0) {
            path.rate().learn(bytesPerSecond, path.train().isExact());
        }
    }

    private long greet(Path path, long nowNs) {
        Greeting greeting = greeting(path);
        if (greeting.answered || isPlain(path)) {
            return Long.MAX_VALUE;
        }
        if (greeting.nextNs <= nowNs) {
            greeting.sent++;
            greeting.nextNs = nowNs + REPEAT_NS;
            sender.send(path, hello(false), Path.UNRELIABLE, outgoing.fate(), nowNs);
        }
        return greeting.nextNs;
    }

    private long tellUse(Path path, long nowNs) {
        if (!path.use().isUntold() || !peer.isKnown()) {
            return Long.MAX_VALUE;
        }
        Greeting greeting = greeting(path);
        if (greeting.useNextNs <= nowNs) {
            greeting.useNextNs = nowNs + REPEAT_NS;
            sender.send(path, path.use().frame(), Path.UNRELIABLE, outgoing.fate(), nowNs);
        }
        return greeting.useNextNs;
    }

    /// Tells what we believe `path` carries, which the peer cannot measure and only shows: when that has changed, not
    /// too often, and twice, as one message may be lost. Wakes nobody up for it.
    private void tellCapacity(Path path, long nowNs) {
        Greeting greeting = greeting(path);
        long capacity = path.capacity();
        if (isPlain(path) || path.state() != PathState.USABLE || capacity <= 0 || greeting.capacityNextNs > nowNs) {
            return;
        }
        if (Math.abs(capacity - greeting.capacityTold) > greeting.capacityTold / CAPACITY_CHANGE) {
            greeting.capacityTold = capacity;
            greeting.capacityTells = CAPACITY_TELLS;
        }
        if (greeting.capacityTells > 0) {
            greeting.capacityTells--;
            greeting.capacityNextNs = nowNs + CAPACITY_NS;
            sender.send(path, new Capacity(greeting.capacityTold), Path.UNRELIABLE, outgoing.fate(), nowNs);
        }
    }

    /// Our wishes for `path` changed: tells them at once.
    void onUseChanged(Path path, long nowNs) {
        greeting(path).useNextNs = nowNs;
    }

    private Hello hello(boolean isAnswer) {
        return new Hello(VERSION, epoch, Hello.FINISHES_CHECKSUMS, Incoming.capacityBytes(), isAnswer);
    }

    private Greeting greeting(Path path) {
        Greeting greeting = greetings[path.id()];
        if (greeting == null) {
            greeting = new Greeting();
            greetings[path.id()] = greeting;
        }
        return greeting;
    }

    /// What was asked on one path and not yet answered.
    private static final class Greeting {

        private static final int PROBES = 16;

        private final long[] probeSentNs = new long[PROBES];
        private final int[] probeIds = new int[PROBES];
        private boolean answered;
        private int sent;
        private int nextSizedId = FIRST_SIZED_ID;
        private long nextNs;
        private long useNextNs;
        private long capacityTold;
        private int capacityTells;
        private long capacityNextNs;

        void onProbe(int id, long nowNs) {
            probeIds[id & PROBES - 1] = id;
            probeSentNs[id & PROBES - 1] = nowNs;
        }

        /// When the probe was sent, or -1 if it was not, or is answered.
        long probeSentNs(int id) {
            int slot = id & PROBES - 1;
            if (probeIds[slot] != id || probeSentNs[slot] == 0) {
                return -1;
            }
            long sentNs = probeSentNs[slot];
            probeSentNs[slot] = 0;
            return sentNs;
        }
    }
}
