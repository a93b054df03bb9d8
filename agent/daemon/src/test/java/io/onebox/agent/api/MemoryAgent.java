package io.onebox.agent.api;

import io.onebox.agent.api.ApiException.Kind;
import io.onebox.agent.status.Control;
import io.onebox.agent.status.Reading;
import io.onebox.agent.status.Readings;
import io.onebox.agent.status.Role;
import io.onebox.agent.status.Samples;
import io.onebox.shared.json.Json;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// An agent that remembers what it was told.
public final class MemoryAgent implements RunningAgent {

    /// What it was told, in order.
    public final List<String> told = new CopyOnWriteArrayList<>();

    private final Reading reading;
    private final Samples samples = new Samples();

    public MemoryAgent(Reading reading) {
        this.reading = reading;
        samples.add(Readings.clientSample(0));
        samples.add(Readings.clientSample(1));
    }

    @Override
    public Future<Reading> read() {
        return Future.succeededFuture(reading);
    }

    @Override
    public Reading lastReading() {
        return reading;
    }

    @Override
    public Samples samples() {
        return samples;
    }

    @Override
    public Future<Void> changeLink(String name, LinkChange change) {
        if (!name.equals("eth0")) {
            return Future.failedFuture(new ApiException(Kind.NOT_FOUND, "no link '" + name + "'", "try eth0"));
        }
        told.add(name + " " + Json.write(new java.util.TreeMap<>(change.values())));
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> up() {
        told.add("up");
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> down() {
        told.add("down");
        return Future.succeededFuture();
    }

    @Override
    public Future<List<String>> reload() {
        if (told.contains("reload")) {
            return Future.failedFuture(new ApiException(
                    Kind.REFUSED, "listen.port cannot change while the agent runs", "restart the agent"));
        }
        told.add("reload");
        return Future.succeededFuture(List.of("links.exclude"));
    }

    /// Clients here have a controller, servers have none.
    @Override
    public Future<Void> rekey() {
        if (reading.role() == Role.SERVER) {
            return RunningAgent.super.rekey();
        }
        told.add("rekey");
        return Future.succeededFuture();
    }

    @Override
    public Control control() {
        return Control.NONE;
    }

    @Override
    public Map<String, Object> config() {
        return Map.of("schema", "onebox.config/1", "tunnel", Map.of("mtu", "auto"));
    }
}
