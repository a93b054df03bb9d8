package io.onebox.controller.verticle;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.transport.Transport;
import java.util.List;
import java.util.function.Predicate;

/// The transport of a controller, which counts who has connected and not shaken hands in TLS yet. Of one address, or
/// one /64 of IPv6, there may be [Connections#MAX_UNPROVED]; one more is closed when it is accepted, before it costs
/// memory (docs/decisions/0131).
///
/// It sees every server of its Vert.x. Those that never say [#onShaken], of metrics and between nodes, have room for so
/// many connections of an address at all.
public final class Door extends NioTransport implements Transport {

    private final Connections waiting = new Connections();
    private final Predicate<SocketAddress> isTrusted;
    private volatile Runnable onRefused = () -> {};

    /// @param isTrusted who is not counted: proxies, which come for many
    public Door(Predicate<SocketAddress> isTrusted) {
        this.isTrusted = isTrusted;
    }

    /// Tells of each connection that is refused, on the thread that accepts.
    public void onRefused(Runnable listener) {
        onRefused = listener;
    }

    /// A connection has shaken hands, and is for others to count.
    void onShaken(SocketAddress remote) {
        waiting.release(remote);
    }

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public boolean available() {
        return isAvailable();
    }

    @Override
    public Throwable unavailabilityCause() {
        return super.unavailabilityCause();
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return this;
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean isUnix) {
        return isUnix ? super.serverChannelFactory(true) : Server::new;
    }

    private boolean isWelcome(NioSocketChannel channel) {
        if (channel.remoteAddress() == null) {
            return true; // It has gone again, as the next who reads from it will see.
        }
        SocketAddress remote = convert(channel.remoteAddress());
        if (isTrusted.test(remote)) {
            return true;
        }
        boolean isWelcome = waiting.enter(remote);
        if (isWelcome) {
            channel.closeFuture().addListener(_ -> waiting.release(remote));
        }
        return isWelcome;
    }

    private final class Server extends NioServerSocketChannel {

        @Override
        protected int doReadMessages(List<Object> accepted) throws Exception {
            int count = super.doReadMessages(accepted);
            if (count > 0 && !isWelcome((NioSocketChannel) accepted.getLast())) {
                ((Channel) accepted.removeLast()).unsafe().closeForcibly();
                onRefused.run();
            }
            return count;
        }
    }
}
