package io.onebox.controller.api;

import io.onebox.shared.config.IpText;
import io.onebox.shared.config.Prefix;
import io.vertx.core.MultiMap;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// The proxies in front of this controller, and where requests come from that they hand on.
///
/// @param trusted networks of proxies whose `X-Forwarded-For` is believed; of everybody else it is not looked at
public record Proxies(List<Prefix> trusted) {

    private static final String FORWARDED = "x-forwarded-for";

    public Proxies {
        trusted = List.copyOf(trusted);
    }

    /// Whether a connection is one of a proxy.
    public boolean isTrusted(SocketAddress remote) {
        return address(remote.hostAddress()).filter(this::isTrusted).isPresent();
    }

    private boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(network -> network.contains(address));
    }

    /// The address from which a request comes. Each proxy appends whom it has it from, so the list is read from its
    /// end, as long as a proxy of ours has written it: what stands before, anybody may have written.
    public String address(SocketAddress remote, MultiMap headers) {
        List<String> hops = headers.getAll(FORWARDED).stream()
                .flatMap(header -> List.of(header.split(",", -1)).stream())
                .toList();
        String from = remote.hostAddress();
        for (int i = hops.size() - 1; i >= 0; i--) {
            Optional<InetAddress> hop = address(hops.get(i).strip());
            if (hop.isEmpty() || address(from).filter(this::isTrusted).isEmpty()) {
                break;
            }
            from = IpText.of(hop.get());
        }
        return from;
    }

    private static Optional<InetAddress> address(String text) {
        return Prefix.address(text);
    }
}
