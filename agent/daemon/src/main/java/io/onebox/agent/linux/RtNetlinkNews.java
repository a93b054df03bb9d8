package io.onebox.agent.linux;

import static io.onebox.agent.linux.RtNetlinkCode.ALL_GROUPS;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// Hears of every change to interfaces, addresses, routes and rules. Never blocks: ask when [#fd] is readable.
/// Belongs to one thread.
public final class RtNetlinkNews implements AutoCloseable {

    /// Datagrams read at once at most, so that a storm of changes leaves room for other work. A guess.
    private static final int BATCH = 256;

    /// More than the socket's buffer holds; beyond that a storm goes on, and the next loss is found out as well.
    private static final int DISCARD_LIMIT = 16_384;

    private final RtNetlinkSocket socket;

    public RtNetlinkNews(Libc libc) {
        this.socket = new RtNetlinkSocket(libc, ALL_GROUPS, Libc.NONBLOCK);
    }

    /// The file descriptor to watch.
    public int fd() {
        return socket.fd();
    }

    /// Passes on what has happened, a batch at most. Returns whether nothing was lost. Otherwise everything must be
    /// read anew: what still waited is older than that and was thrown away, lest it undo newer facts.
    public boolean read(Consumer<RtNetlinkMessage> consumer) {
        try {
            for (int i = 0; i < BATCH; i++) {
                ByteBuffer datagram = socket.receive();
                if (!datagram.hasRemaining()) {
                    return true;
                }
                while (RtNetlinkSocket.hasMessage(datagram)) {
                    ByteBuffer message = RtNetlinkSocket.next(datagram);
                    RtNetlinkDecoder.decode(message.getShort(4), RtNetlink.body(message))
                            .ifPresent(consumer);
                }
            }
            return true;
        } catch (LinuxException e) {
            passOver(e);
            discard();
            return false;
        }
    }

    private void discard() {
        for (int i = 0; i < DISCARD_LIMIT; i++) {
            try {
                if (!socket.receive().hasRemaining()) {
                    return;
                }
            } catch (LinuxException e) {
                passOver(e);
            }
        }
    }

    private static void passOver(LinuxException e) {
        if (e.errno() != Errno.ENOBUFS) {
            throw e;
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
