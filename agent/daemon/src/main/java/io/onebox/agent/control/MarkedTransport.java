package io.onebox.agent.control;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.onebox.agent.route.PolicyRoutes;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;

/// Epoll, with sockets that can go beside the tunnel: while [#isBeside] is set, each new TCP connection carries the
/// mark that the client's routing leaves alone. So the controller can be reached while the tunnel is broken.
public final class MarkedTransport implements io.vertx.core.transport.Transport, Transport {

    private static final int SOL_SOCKET = 1;
    private static final int SO_MARK = 36;
    private static final IntegerUnixChannelOption MARK = new IntegerUnixChannelOption("SO_MARK", SOL_SOCKET, SO_MARK);

    private final Transport epoll = io.vertx.core.transport.Transport.EPOLL.implementation();
    private final AtomicBoolean isBeside;

    /// @param isBeside asked for every new connection
    public MarkedTransport(AtomicBoolean isBeside) {
        this.isBeside = isBeside;
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean isUnix) {
        if (isUnix || !isBeside.get()) {
            return epoll.channelFactory(isUnix);
        }
        return () -> {
            var channel = new EpollSocketChannel();
            channel.config().setOption(MARK, PolicyRoutes.SOCKET_MARK);
            return channel;
        };
    }

    @Override
    public String name() {
        return "epoll";
    }

    @Override
    public boolean available() {
        return epoll.isAvailable();
    }

    @Override
    public Throwable unavailabilityCause() {
        return epoll.unavailabilityCause();
    }

    @Override
    public Transport implementation() {
        return this;
    }

    @Override
    public boolean isAvailable() {
        return epoll.isAvailable();
    }

    @Override
    public boolean supportsDomainSockets() {
        return epoll.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return epoll.supportFileRegion();
    }

    @Override
    public java.net.SocketAddress convert(io.vertx.core.net.SocketAddress address) {
        return epoll.convert(address);
    }

    @Override
    public io.vertx.core.net.SocketAddress convert(java.net.SocketAddress address) {
        return epoll.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return epoll.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(int kind, int threads, ThreadFactory factory, int ioRatio) {
        return epoll.eventLoopGroup(kind, threads, factory, ioRatio);
    }

    @Override
    public DatagramChannel datagramChannel() {
        return epoll.datagramChannel();
    }

    @Override
    @SuppressWarnings("deprecation") // Vert.x still asks so.
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return epoll.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean isUnix) {
        return epoll.serverChannelFactory(isUnix);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        epoll.configure(channel, options);
    }

    @Override
    public void configure(
            io.vertx.core.net.ClientOptionsBase options,
            int connectTimeoutMs,
            boolean isUnix,
            io.netty.bootstrap.Bootstrap bootstrap) {
        epoll.configure(options, connectTimeoutMs, isUnix, bootstrap);
    }

    @Override
    public void configure(NetServerOptions options, boolean isUnix, io.netty.bootstrap.ServerBootstrap bootstrap) {
        epoll.configure(options, isUnix, bootstrap);
    }
}
