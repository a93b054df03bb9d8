package io.onebox.agent.link;

import io.onebox.engine.packet.Endpoint;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Where the server is, as far as we know.
///
/// @param endpoints in the order of the configuration; of a name, IPv4 first
/// @param addresses the same without ports
/// @param problems names without a fresh answer, each with the reason in words; their last good answer is among the
///     endpoints, if there ever was one
/// @param retryAfter when to ask again
public record Resolution(
        List<Endpoint> endpoints, List<InetAddress> addresses, Map<String, String> problems, Duration retryAfter) {

    public Resolution {
        endpoints = List.copyOf(endpoints);
        addresses = List.copyOf(addresses);
        problems = Map.copyOf(problems);
    }
}
