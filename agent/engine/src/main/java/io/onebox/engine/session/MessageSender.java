package io.onebox.engine.session;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.path.Path;
import io.onebox.engine.repair.InFlight;
import io.onebox.engine.stats.DropReason;
import io.onebox.engine.stats.SessionCounters;
import io.onebox.engine.wire.ControlFrame;
import io.onebox.engine.wire.ControlFrameCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Seals messages and hands them out: the last station of everything a session sends.
final class MessageSender {

    private final PacketPool pool;
    private final Outbox outbox;
    private final SessionCounters counters;

    MessageSender(PacketPool pool, Outbox outbox, SessionCounters counters) {
        this.pool = pool;
        this.outbox = outbox;
        this.counters = counters;
    }

    /// An empty packet, or `null` if there is none, which is counted.
    @Nullable
    Packet acquire() {
        Packet packet = pool.acquire();
        if (packet == null) {
            counters.onDropped(DropReason.NO_BUFFER);
        }
        return packet;
    }

    /// Seals the content of `message` and sends it over `path`. The message stays with the caller.
    ///
    /// @param content what the fate of the message is reported as, or [Path#UNRELIABLE]
    /// @param fate who learns what becomes of messages of the path
    /// @return whether it left
    boolean send(Path path, Packet message, long content, InFlight.Fate fate, long nowNs) {
        Packet datagram = acquire();
        if (datagram == null) {
            return false;
        }
        if (!path.remote().isKnown() || !path.seal(message, datagram, content, fate, nowNs)) {
            datagram.release();
            return false;
        }
        datagram.alone(message.isAlone());
        datagram.ecn(message.ecn());
        outbox.transmit(datagram);
        return true;
    }

    /// Sends one control frame over `path`.
    void send(Path path, ControlFrame frame, long content, InFlight.Fate fate, long nowNs) {
        send(path, frame, content, false, fate, nowNs);
    }

    /// Sends one control frame over `path` whose size matters.
    void sendAlone(Path path, ControlFrame frame, InFlight.Fate fate, long nowNs) {
        send(path, frame, Path.UNRELIABLE, true, fate, nowNs);
    }

    private void send(Path path, ControlFrame frame, long content, boolean alone, InFlight.Fate fate, long nowNs) {
        Packet message = acquire();
        if (message == null) {
            return;
        }
        message.alone(alone);
        int length = ControlFrameCodec.length(frame);
        message.length(length);
        ByteBuffer out = message.segment()
                .asSlice(message.offset(), length)
                .asByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
        ControlFrameCodec.encode(frame, out);
        send(path, message, content, fate, nowNs);
        message.release();
    }

    /// Sends an empty message: WireGuard's keepalive.
    boolean sendKeepalive(Path path, InFlight.Fate fate, long nowNs) {
        Packet message = acquire();
        if (message == null) {
            return false;
        }
        boolean sent = send(path, message, Path.UNRELIABLE, fate, nowNs);
        message.release();
        return sent;
    }

    /// Sends a datagram that is not sealed: a handshake message. Takes ownership.
    void sendHandshake(Path path, Packet datagram) {
        path.remote().address(datagram);
        path.onHandshakeSent(datagram.length());
        outbox.transmit(datagram);
    }
}
