package io.onebox.agent.verticle;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;

/// Runs an action on a context's event loop whenever a file descriptor is readable. Level-triggered: what the
/// action leaves unread brings it back. Does not own the descriptor.
///
/// Needs the native epoll transport: `new VertxOptions().setPreferNativeTransport(true)`.
final class ReadableFd implements EpollIoHandle {

    private final FileDescriptor fd;
    private final Runnable action;

    private ReadableFd(int fd, Runnable action) {
        this.fd = new FileDescriptor(fd);
        this.action = action;
    }

    /// Starts watching. To stop, cancel the registration, then close the descriptor.
    static Future<IoRegistration> watch(Context context, int fd, Runnable action) {
        if (!(((ContextInternal) context).nettyEventLoop() instanceof IoEventLoop loop)
                || !loop.isCompatible(ReadableFd.class)) {
            return Future.failedFuture("the event loop has no epoll; is netty-transport-native-epoll missing?");
        }
        Promise<IoRegistration> promise = Promise.promise();
        loop.register(new ReadableFd(fd, action))
                .addListener((io.netty.util.concurrent.Future<IoRegistration> done) -> {
                    if (done.isSuccess()) {
                        done.getNow().submit(EpollIoOps.EPOLLIN);
                        promise.complete(done.getNow());
                    } else {
                        promise.fail(done.cause());
                    }
                });
        return promise.future();
    }

    /// Pauses or resumes watching. A pause still asks for errors: asking for nothing makes Netty take the descriptor
    /// out of epoll without noting it, and the next request fails with ENOENT (netty 4.2.13).
    static void wants(IoRegistration registration, boolean isWanted) {
        registration.submit(isWanted ? EpollIoOps.EPOLLIN : EpollIoOps.EPOLLERR);
    }

    @Override
    public FileDescriptor fd() {
        return fd;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        action.run();
    }

    @Override
    public void close() {
        // The descriptor belongs to somebody else.
    }
}
