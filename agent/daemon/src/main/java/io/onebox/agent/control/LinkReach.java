package io.onebox.agent.control;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Over which links a controller can be reached: a TCP connection is tried over each, so that who stands before a
/// machine with several uplinks knows at which to look. Blocks for some seconds a link.
public final class LinkReach {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int HTTPS = 443;
    private static final int SOL_SOCKET = 1;
    private static final int SO_BINDTODEVICE = 25;
    private static final int IFNAMSIZ = 16;
    private static final RawUnixChannelOption DEVICE =
            new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, IFNAMSIZ);

    private LinkReach() {}

    /// One line for each link, such as `over eth0: no answer within 3 s`; none if the name is not known.
    public static List<String> describe(URI url) {
        try {
            InetAddress address = InetAddress.getByName(url.getHost());
            var to = new InetSocketAddress(address, url.getPort() < 0 ? HTTPS : url.getPort());
            return NetworkInterface.networkInterfaces()
                    .filter(LinkReach::isLink)
                    .map(NetworkInterface::getName)
                    .sorted()
                    .map(link -> "over " + link + ": " + over(link, to))
                    .toList();
        } catch (UnknownHostException | SocketException _) {
            return List.of();
        }
    }

    private static boolean isLink(NetworkInterface found) {
        try {
            return found.isUp()
                    && !found.isLoopback()
                    && found.inetAddresses().anyMatch(address -> !address.isLinkLocalAddress());
        } catch (SocketException _) {
            return false; // It has gone meanwhile.
        }
    }

    /// What a TCP connection over a link comes to: `connected`, or why not.
    static String over(String link, InetSocketAddress to) {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            ChannelFuture connecting = new Bootstrap()
                    .group(group)
                    .channelFactory(() -> {
                        var channel = new EpollSocketChannel();
                        byte[] name = Arrays.copyOf(link.getBytes(StandardCharsets.US_ASCII), IFNAMSIZ);
                        channel.config().setOption(DEVICE, ByteBuffer.wrap(name));
                        return channel;
                    })
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) PATIENCE.toMillis())
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(to)
                    .awaitUninterruptibly();
            if (!connecting.isSuccess()) {
                return reason(connecting.cause());
            }
            connecting.channel().close().awaitUninterruptibly();
            return "connected";
        } finally {
            var _ = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    private static String reason(@Nullable Throwable cause) {
        return switch (cause) {
            case ConnectTimeoutException _ -> "no answer within " + PATIENCE.toSeconds() + " s";
            case NoRouteToHostException _ -> "no route";
            case ConnectException refused
            when String.valueOf(refused.getMessage()).contains("refused") -> "connection refused";
            case null -> "no connection";
            default -> "no connection: " + cause.getMessage();
        };
    }
}
