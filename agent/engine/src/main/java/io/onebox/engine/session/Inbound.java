package io.onebox.engine.session;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.Paths;
import io.onebox.engine.stats.DropReason;
import io.onebox.engine.stats.SessionCounters;
import io.onebox.engine.wire.AckFlyweight;
import io.onebox.engine.wire.ControlFrame;
import io.onebox.engine.wire.ControlFrame.Capacity;
import io.onebox.engine.wire.ControlFrame.Close;
import io.onebox.engine.wire.ControlFrame.Hello;
import io.onebox.engine.wire.ControlFrame.PathUse;
import io.onebox.engine.wire.ControlFrame.Probe;
import io.onebox.engine.wire.ControlFrame.ProbeReply;
import io.onebox.engine.wire.DataFlyweight;
import io.onebox.engine.wire.SendTime;

/// Opened messages, frame by frame, to whom they concern: inner packets to [Incoming], acknowledgements
/// to the path they tell of, the rest to [PathControl] or the session.
final class Inbound {

    private final Session session;
    private final Paths paths;
    private final PathControl control;
    private final SessionCounters counters;
    private final FrameReader frames = new FrameReader();
    private final DataFlyweight data = new DataFlyweight();

    private long lastNs = Long.MIN_VALUE / 2;
    private long oneWayReferenceNs;
    private long reportReferenceNs;

    Inbound(Session session, Paths paths, PathControl control, SessionCounters counters) {
        this.session = session;
        this.paths = paths;
        this.control = control;
        this.counters = counters;
    }

    /// When an inner packet last arrived.
    long lastNs() {
        return lastNs;
    }

    /// Takes what came out of an authentic message of `length` bytes. Takes ownership.
    void onMessage(Path path, Packet packet, int length, long nowNs) {
        while (packet.length() > 0) {
            int first = packet.segment().get(JAVA_BYTE, packet.offset()) & 0xff;
            if (first == DataFlyweight.TYPE) {
                onData(path, packet, nowNs);
                return;
            }
            if (first >>> 4 == 4 || first >>> 4 == 6) {
                onBare(path, packet, nowNs);
                return;
            }
            int frameLength = frames.frameLength(packet);
            if (frameLength < 0) {
                drop(packet, DropReason.MALFORMED);
                return;
            }
            onFrame(path, packet, frameLength, length, nowNs);
            packet.strip(frameLength);
        }
        packet.release();
    }

    private void onData(Path path, Packet packet, long nowNs) {
        if (packet.length() < DataFlyweight.LENGTH) {
            drop(packet, DropReason.MALFORMED);
            return;
        }
        data.wrap(packet.segment(), packet.offset());
        packet.strip(DataFlyweight.LENGTH);
        lastNs = nowNs;
        long oneWayNs = onSendTime(path, data.sendTime(), nowNs);
        path.acks()
                .onEliciting(
                        (data.flags() & DataFlyweight.SPARSE) != 0, path.rtt().minNs(), nowNs);
        session.incoming().onData(path, packet, data, oneWayNs, nowNs);
    }

    private void onBare(Path path, Packet packet, long nowNs) {
        int total = frames.ipLength(packet);
        if (total > packet.length()) {
            drop(packet, DropReason.MALFORMED);
            return;
        }
        packet.length(total);
        lastNs = nowNs;
        session.incoming().onBare(packet);
        if (control.isPlain(path)) {
            path.life().onPlainPeer(nowNs);
        }
    }

    private void onFrame(Path path, Packet packet, int frameLength, int messageLength, long nowNs) {
        if (frames.isAck(packet, frameLength)) {
            AckFlyweight ack = frames.ack(packet);
            Path acknowledged = paths.byId(ack.pathId());
            if (acknowledged != null) {
                if (ack.leastOneWayUs() != 0) {
                    reportReferenceNs = frames.extendReport(ack.leastOneWayUs(), reportReferenceNs);
                }
                acknowledged.onAck(ack, reportReferenceNs, session.outgoing().fate(), nowNs);
            }
            return;
        }
        ControlFrame frame = frames.control(packet, frameLength);
        switch (frame) {
            case null -> counters.onDropped(DropReason.MALFORMED);
            case Hello hello -> session.onHello(path, hello, nowNs);
            case Probe probe -> {
                long heldNs = packet.timeNs() == 0 ? 0 : nowNs - packet.timeNs();
                long oneWayNs = onSendTime(path, probe.sendTime(), nowNs) - heldNs;
                path.arrivals().bonded(probe.isBonded());
                path.acks().onEliciting(false, path.rtt().minNs(), nowNs);
                control.onProbe(path, probe, messageLength, oneWayNs, nowNs);
            }
            case ProbeReply reply -> {
                onSendTime(path, reply.sendTime(), nowNs);
                reportReferenceNs = frames.extendReport(reply.oneWayUs(), reportReferenceNs);
                control.onProbeReply(path, reply, reportReferenceNs, nowNs);
            }
            case PathUse use -> {
                control.onPathUse(path, use, nowNs);
                session.outgoing().onPathsChanged();
            }
            case Capacity capacity -> path.onPeerCapacity(capacity.bytesPerSecond());
            case Close close -> session.onClose(path, close, nowNs);
        }
    }

    private long onSendTime(Path path, int sendTime, long nowNs) {
        long oneWayNs = SendTime.oneWayNs(sendTime, nowNs, oneWayReferenceNs);
        oneWayReferenceNs = oneWayNs;
        path.arrivals().onOneWay(oneWayNs, nowNs);
        path.acks().onOneWay(oneWayNs);
        return oneWayNs;
    }

    private void drop(Packet packet, DropReason reason) {
        counters.onDropped(reason);
        packet.release();
    }
}
