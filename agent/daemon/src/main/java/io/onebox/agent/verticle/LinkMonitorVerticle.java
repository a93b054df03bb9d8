package io.onebox.agent.verticle;

import io.netty.channel.IoRegistration;
import io.onebox.agent.link.Link;
import io.onebox.agent.link.LinkEvent;
import io.onebox.agent.link.LinkMonitor;
import io.onebox.agent.link.LinkSelection;
import io.onebox.agent.link.Unused;
import io.onebox.agent.linux.LinuxException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the links on the event loop it is deployed on, and tells listeners, each on the context it asked for.
///
/// The public methods may be called from any thread; before deployment they wait for it.
public final class LinkMonitorVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(LinkMonitorVerticle.class);

    /// After news of a lost address the kernel takes microseconds to remove its routes; a guess with much room.
    private static final long SETTLE_MS = 100;

    /// Pause before everything is read again when the kernel gave no sensible answer. A guess.
    private static final long RETRY_MS = 1_000;

    private final LinkMonitor monitor;
    private final List<Listener> listeners = new ArrayList<>();
    private final Promise<Void> started = Promise.promise();
    private Optional<IoRegistration> registration = Optional.empty();
    private boolean isSettling;

    /// @param monitor owned from here on: closed when this verticle stops
    public LinkMonitorVerticle(LinkMonitor monitor) {
        this.monitor = monitor;
    }

    @Override
    public Future<?> start() {
        run(monitor::reread);
        return ReadableFd.watch(context, monitor.fd(), () -> run(monitor::read))
                .onSuccess(watched -> registration = Optional.of(watched))
                .<Void>mapEmpty()
                .onComplete(started);
    }

    @Override
    public Future<?> stop() {
        registration.ifPresent(IoRegistration::cancel);
        registration = Optional.empty();
        monitor.close();
        return Future.succeededFuture();
    }

    /// Tells `listener`, on `context`, of all links there are, as if they had just appeared, and from then on of
    /// every event.
    public Future<Void> listen(Context context, Consumer<LinkEvent> listener) {
        return ask(() -> {
            var added = new Listener(context, listener);
            listeners.add(added);
            monitor.links().forEach(link -> added.tell(new LinkEvent.Appeared(link)));
            return null;
        });
    }

    /// The links, by name.
    public Future<List<Link>> links() {
        return ask(monitor::links);
    }

    /// The interfaces that are not links, each with the reason.
    public Future<List<Unused>> unused() {
        return ask(monitor::unused);
    }

    /// Takes another selection; links come and go accordingly.
    public Future<Void> select(LinkSelection selection) {
        return ask(() -> {
            run(() -> monitor.select(selection));
            return null;
        });
    }

    /// Says where the server is, so that interfaces with a route to it alone count as links.
    public Future<Void> endpoints(List<InetAddress> endpoints) {
        return ask(() -> {
            run(() -> monitor.endpoints(endpoints));
            return null;
        });
    }

    private void run(Supplier<List<LinkEvent>> step) {
        if (isStopped()) {
            return;
        }
        try {
            step.get().forEach(this::tell);
        } catch (LinuxException e) {
            log.atWarn()
                    .addKeyValue("cause", e.getMessage())
                    .log("cannot read the network configuration; trying again");
            vertx.setTimer(RETRY_MS, _ -> run(monitor::reread));
        }
        if (monitor.isUnsettled() && !isSettling) {
            isSettling = true;
            vertx.setTimer(SETTLE_MS, _ -> {
                isSettling = false;
                run(monitor::settle);
            });
        }
    }

    private boolean isStopped() {
        return started.future().isComplete() && registration.isEmpty();
    }

    private void tell(LinkEvent event) {
        switch (event) {
            case LinkEvent.Appeared(Link link) ->
                log.atInfo().addKeyValue("link", link.name()).log("link appeared");
            case LinkEvent.Changed(Link _, Link now) ->
                log.atInfo().addKeyValue("link", now.name()).log("link changed");
            case LinkEvent.Gone(Link link, String reason) ->
                log.atInfo()
                        .addKeyValue("link", link.name())
                        .addKeyValue("reason", reason)
                        .log("link gone");
        }
        listeners.forEach(listener -> listener.tell(event));
    }

    private <T> Future<T> ask(Supplier<T> question) {
        return started.future().compose(_ -> {
            Promise<T> answer = Promise.promise();
            context.runOnContext(_ -> answer.complete(question.get()));
            return answer.future();
        });
    }

    private record Listener(Context context, Consumer<LinkEvent> consumer) {

        void tell(LinkEvent event) {
            context.runOnContext(_ -> consumer.accept(event));
        }
    }
}
