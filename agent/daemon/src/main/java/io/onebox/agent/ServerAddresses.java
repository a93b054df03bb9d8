package io.onebox.agent;

import io.onebox.agent.link.EndpointResolver;
import io.onebox.agent.link.Resolution;
import io.onebox.agent.status.Problem;
import io.onebox.agent.status.ProblemKind;
import io.onebox.engine.packet.Endpoint;
import io.onebox.shared.config.HostPort;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The addresses of the server: names are looked up again and again, because they change. May be used from any thread.
final class ServerAddresses {

    private static final Resolution NOTHING = new Resolution(List.of(), List.of(), Map.of(), Duration.ZERO);

    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final EndpointResolver resolver;
    private volatile Resolution known = NOTHING;
    private volatile Order order = new Order(0, List.of(), _ -> {});
    private volatile long timer = NO_TIMER;

    /// @param number tells one order from the next
    private record Order(int number, List<HostPort> endpoints, Consumer<List<Endpoint>> listener) {}

    ServerAddresses(Vertx vertx, EndpointResolver resolver) {
        this.vertx = vertx;
        this.resolver = resolver;
    }

    /// Tells `listener` the endpoints, soon and whenever they change. An earlier order is forgotten.
    synchronized void follow(List<HostPort> endpoints, Consumer<List<Endpoint>> listener) {
        vertx.cancelTimer(timer);
        known = NOTHING;
        order = new Order(order.number() + 1, endpoints, listener);
        look(order);
    }

    /// Looks nothing up any more.
    synchronized void stop() {
        vertx.cancelTimer(timer);
        order = new Order(order.number() + 1, List.of(), _ -> {});
    }

    /// The endpoints known, best first.
    List<Endpoint> endpoints() {
        return known.endpoints();
    }

    /// Their addresses.
    List<InetAddress> addresses() {
        return known.addresses();
    }

    /// Names without a fresh answer.
    List<Problem> problems() {
        return known.problems().values().stream()
                .map(reason -> Problem.of(
                        ProblemKind.ENDPOINT_UNRESOLVED,
                        reason,
                        "check the name and this machine's name server, or give an address in [server] endpoints"))
                .toList();
    }

    private void look(Order wanted) {
        vertx.executeBlocking(() -> resolve(wanted.endpoints())).onSuccess(now -> {
            if (order.number() != wanted.number()) {
                return; // Another order has come meanwhile.
            }
            boolean isNew = !now.endpoints().isEmpty() && !now.endpoints().equals(known.endpoints());
            known = now;
            if (isNew) {
                wanted.listener().accept(now.endpoints());
            }
            timer = vertx.setTimer(Math.max(1, now.retryAfter().toMillis()), _ -> look(wanted));
        });
    }

    private Resolution resolve(List<HostPort> endpoints) {
        synchronized (resolver) {
            return resolver.resolve(endpoints);
        }
    }
}
