package io.onebox.agent.linux;

import static io.onebox.agent.linux.RtNetlinkCode.ALL_GROUPS;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// Hears of every change to interfaces, addresses, routes and rules. Never blocks: ask when [#fd] is readable.
/// Belongs to one thread.
public final class RtNetlinkNews implements AutoCloseable {

    /// Datagrams read at once at most, so that a storm of changes leaves room for other work. A guess.
    private static final int BATCH = 256;

    private final RtNetlinkSocket socket;

    public RtNetlinkNews(Libc libc) {
        this.socket = new RtNetlinkSocket(libc, ALL_GROUPS, Libc.NONBLOCK);
    }

    /// The file descriptor to watch.
    public int fd() {
        return socket.fd();
    }

    /// Passes on what has happened, a batch at most. Returns whether nothing was lost; otherwise everything must
    /// be read anew.
    public boolean read(Consumer<RtNetlinkMessage> consumer) {
        for (int i = 0; i < BATCH; i++) {
            try {
                ByteBuffer datagram = socket.receive();
                if (!datagram.hasRemaining()) {
                    return true;
                }
                while (RtNetlinkSocket.hasMessage(datagram)) {
                    ByteBuffer message = RtNetlinkSocket.next(datagram);
                    RtNetlinkDecoder.decode(message.getShort(4), RtNetlink.body(message))
                            .ifPresent(consumer);
                }
            } catch (LinuxException e) {
                if (e.errno() != Errno.ENOBUFS) {
                    throw e;
                }
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        socket.close();
    }
}
