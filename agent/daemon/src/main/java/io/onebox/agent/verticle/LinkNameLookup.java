package io.onebox.agent.verticle;

import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.onebox.agent.link.NameLookup;
import io.onebox.agent.route.PolicyRoutes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Asks the machine's name servers beside the tunnel: by sockets with our mark, bound to one link after the other.
public final class LinkNameLookup implements NameLookup {

    private static final int SOL_SOCKET = 1;
    private static final int SO_BINDTODEVICE = 25;
    private static final int SO_MARK = 36;

    /// `IFNAMSIZ` of linux/if.h.
    private static final int NAME_LENGTH = 16;

    private static final IntegerUnixChannelOption MARK = new IntegerUnixChannelOption("SO_MARK", SOL_SOCKET, SO_MARK);
    private static final RawUnixChannelOption DEVICE =
            new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, NAME_LENGTH);

    private static final int DNS_PORT = 53;

    /// A resolver on a slow link answers within a second or two; a guess.
    private static final long QUERY_TIMEOUT_MS = 2_000;

    private static final long LOOKUP_TIMEOUT_MS = 3 * QUERY_TIMEOUT_MS;

    /// Where a local stub such as systemd-resolved lists the servers it asks itself.
    private static final List<Path> SERVER_LISTS =
            List.of(Path.of("/run/systemd/resolve/resolv.conf"), Path.of("/etc/resolv.conf"));

    private final EventLoop loop;
    private final Supplier<List<String>> links;
    private final Supplier<List<InetSocketAddress>> servers;

    /// @param loop does the work while the caller waits; with native epoll
    /// @param links names of the links there are now
    public LinkNameLookup(EventLoop loop, Supplier<List<String>> links) {
        this(loop, links, LinkNameLookup::nameServers);
    }

    LinkNameLookup(EventLoop loop, Supplier<List<String>> links, Supplier<List<InetSocketAddress>> servers) {
        this.loop = loop;
        this.links = links;
        this.servers = servers;
    }

    @Override
    public List<InetAddress> lookUp(String host) throws UnknownHostException {
        List<InetSocketAddress> asked = servers.get();
        if (asked.isEmpty()) {
            throw new UnknownHostException("all name servers are on this machine, and ask through the tunnel");
        }
        String reason = "there is no link";
        for (String link : links.get()) {
            try (DnsNameResolver resolver = resolver(link, asked)) {
                return List.copyOf(resolver.resolveAll(host).get(LOOKUP_TIMEOUT_MS, TimeUnit.MILLISECONDS));
            } catch (ExecutionException e) {
                reason = "over %s: %s".formatted(link, e.getCause());

            } catch (TimeoutException _) {
                reason = "over %s: no answer within %d ms".formatted(link, LOOKUP_TIMEOUT_MS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new UnknownHostException("interrupted");
            }
        }
        throw new UnknownHostException(reason);
    }

    private DnsNameResolver resolver(String link, List<InetSocketAddress> asked) {
        return new DnsNameResolverBuilder(loop)
                .datagramChannelFactory(() -> channel(link))
                .nameServerProvider(new SequentialDnsServerAddressStreamProvider(asked))
                .queryTimeoutMillis(QUERY_TIMEOUT_MS)
                .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
                .searchDomains(List.of())
                .build();
    }

    private static EpollDatagramChannel channel(String link) {
        var channel = new EpollDatagramChannel();
        ByteBuffer name = ByteBuffer.allocateDirect(NAME_LENGTH);
        name.put(link.getBytes(StandardCharsets.UTF_8)).clear();
        channel.config().setOption(MARK, PolicyRoutes.SOCKET_MARK);
        channel.config().setOption(DEVICE, name);
        return channel;
    }

    private static List<InetSocketAddress> nameServers() {
        return SERVER_LISTS.stream()
                .filter(Files::exists)
                .map(LinkNameLookup::nameServers)
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /// The `nameserver` lines of resolv.conf(5), less those on this machine.
    private static List<InetSocketAddress> nameServers(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(line -> line.strip().split("\\s+", -1))
                    .filter(words -> words.length > 1 && words[0].equals("nameserver"))
                    .map(words -> InetAddress.ofLiteral(words[1]))
                    .filter(address -> !address.isLoopbackAddress())
                    .map(address -> new InetSocketAddress(address, DNS_PORT))
                    .toList();
        } catch (IOException | IllegalArgumentException _) {
            // Not a list we can use; the caller tries the next.
            return List.of();
        }
    }
}
