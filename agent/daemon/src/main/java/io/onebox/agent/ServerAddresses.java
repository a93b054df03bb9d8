package io.onebox.agent;

import io.onebox.agent.status.Problem;
import io.onebox.agent.status.Problem.Severity;
import io.onebox.engine.packet.Endpoint;
import io.onebox.shared.config.HostPort;
import io.onebox.shared.config.Prefix;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The addresses of the server: names are looked up again and again, because they change. May be used from any thread.
final class ServerAddresses {

    /// Between two looks at names that are known. A guess.
    private static final Duration REFRESH = Duration.ofMinutes(5);

    /// Between two looks at a name nobody knows. A guess.
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Map<String, Problem> problems = new ConcurrentHashMap<>();
    private volatile List<Found> found = List.of();
    private volatile long timer = -1;

    private record Found(InetAddress address, int port) {}

    ServerAddresses(Vertx vertx) {
        this.vertx = vertx;
    }

    /// Tells `listener` the endpoints, now and whenever they change. An earlier order is forgotten.
    void follow(List<HostPort> endpoints, Consumer<List<Endpoint>> listener) {
        vertx.cancelTimer(timer);
        found = List.of();
        problems.clear();
        look(endpoints, listener);
    }

    /// The endpoints known, best first.
    List<Endpoint> endpoints() {
        return found.stream()
                .map(one -> EngineTerms.endpoint(one.address(), one.port()))
                .toList();
    }

    /// Their addresses.
    List<InetAddress> addresses() {
        return found.stream().map(Found::address).distinct().toList();
    }

    /// Names nobody knows.
    List<Problem> problems() {
        return List.copyOf(problems.values());
    }

    private void look(List<HostPort> endpoints, Consumer<List<Endpoint>> listener) {
        vertx.<List<Found>>executeBlocking(() -> lookUp(endpoints)).onSuccess(now -> {
            if (!now.isEmpty() && !now.equals(found)) {
                found = now;
                listener.accept(endpoints());
            }
            Duration pause = problems.isEmpty() ? REFRESH : RETRY;
            timer = vertx.setTimer(pause.toMillis(), _ -> look(endpoints, listener));
        });
    }

    private List<Found> lookUp(List<HostPort> endpoints) {
        List<Found> all = new ArrayList<>();
        for (HostPort endpoint : endpoints) {
            for (InetAddress address : lookUp(endpoint)) {
                all.add(new Found(address, endpoint.port()));
            }
        }
        return List.copyOf(all);
    }

    private List<InetAddress> lookUp(HostPort endpoint) {
        String host = endpoint.host();
        var literal = Prefix.address(host);
        if (literal.isPresent()) {
            return List.of(literal.get());
        }
        try {
            List<InetAddress> addresses = List.of(InetAddress.getAllByName(host));
            problems.remove(host);
            return addresses;
        } catch (UnknownHostException _) {
            problems.put(
                    host,
                    Problem.of(
                            "endpoint.unresolved",
                            Severity.WARNING,
                            "no address for " + host + "; asking again every " + RETRY.toSeconds() + " s",
                            "check the name and this machine's name server, or give an address"));
            return List.of();
        }
    }
}
