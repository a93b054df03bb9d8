package io.onebox.agent.link;

import io.onebox.engine.packet.Endpoint;
import io.onebox.shared.config.HostPort;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Finds the addresses of the server. Waits for name servers, so it is not for event loops. Not thread safe.
///
/// Once a client captures everything, the questions of the C library go into the tunnel, and until the tunnel is up
/// nobody hears them. So a name is asked for in three ways, until one has an answer:
///
/// ```
///  1. the C library                  works while the tunnel is up, or with a name server in the LAN
///  2. beside the tunnel              marked sockets bound to the links
///  3. the last good answer           kept in the state directory
/// ```
public final class EndpointResolver {

    /// Addresses change behind dynamic DNS; its records live for 1 to 5 minutes. A guess.
    private static final Duration REFRESH = Duration.ofMinutes(5);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

    /// IPv4 costs 20 bytes a packet less, and a server has few addresses.
    private static final Comparator<InetAddress> ORDER = Comparator.comparingInt(
                    (InetAddress address) -> address.getAddress().length)
            .thenComparing(InetAddress::getHostAddress);

    private final List<NameLookup> lookups;
    private final LastGoodAnswers lastGood;
    private final Map<String, List<InetAddress>> known;
    private Duration nextRetry = FIRST_RETRY;

    /// @param lookups asked in this order until one has an answer
    /// @param file for the last good answers
    public EndpointResolver(List<NameLookup> lookups, Path file) {
        this.lookups = List.copyOf(lookups);
        this.lastGood = new LastGoodAnswers(file);
        this.known = new HashMap<>(lastGood.read());
    }

    /// Asks for all names once.
    public Resolution resolve(List<HostPort> endpoints) {
        Map<String, String> problems = new TreeMap<>();
        Map<String, List<InetAddress>> answers = new HashMap<>();
        endpoints.stream().map(HostPort::host).distinct().forEach(host -> answers.put(host, lookUp(host, problems)));
        List<Endpoint> found = new ArrayList<>();
        for (HostPort endpoint : endpoints) {
            answers.getOrDefault(endpoint.host(), List.of()).stream()
                    .map(address -> endpoint(address, endpoint.port()))
                    .forEach(found::add);
        }
        List<InetAddress> addresses =
                answers.values().stream().flatMap(List::stream).distinct().toList();
        return new Resolution(found, addresses, problems, retryAfter(problems.isEmpty()));
    }

    private Duration retryAfter(boolean isComplete) {
        if (isComplete) {
            nextRetry = FIRST_RETRY;
            return REFRESH;
        }
        Duration now = nextRetry;
        Duration doubled = now.multipliedBy(2);
        nextRetry = doubled.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : doubled;
        return now;
    }

    private List<InetAddress> lookUp(String host, Map<String, String> problems) {
        if (isLiteral(host)) {
            return List.of(InetAddress.ofLiteral(host));
        }
        String reason = "there is nobody to ask";
        for (NameLookup lookup : lookups) {
            try {
                List<InetAddress> answer =
                        lookup.lookUp(host).stream().sorted(ORDER).toList();
                remember(host, answer);
                return answer;
            } catch (UnknownHostException e) {
                reason = String.valueOf(e.getMessage());
            }
        }
        List<InetAddress> old = known.getOrDefault(host, List.of());
        problems.put(
                host,
                "cannot find the address of %s: %s; %s"
                        .formatted(host, reason, old.isEmpty() ? "trying again" : "using the last one known"));
        return old;
    }

    private void remember(String host, List<InetAddress> answer) {
        if (!answer.equals(known.put(host, answer))) {
            lastGood.write(known);
        }
    }

    private static boolean isLiteral(String host) {
        try {
            InetAddress.ofLiteral(host);
            return true;
        } catch (IllegalArgumentException _) {
            // A name, then.
            return false;
        }
    }

    private static Endpoint endpoint(InetAddress address, int port) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address
                ? Endpoint.ofIpv4(bytes.getInt(), port)
                : new Endpoint(bytes.getLong(), bytes.getLong(), port);
    }
}
