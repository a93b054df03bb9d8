package io.onebox.agent.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.onebox.agent.status.Drops;
import io.onebox.agent.status.LinkFacts;
import io.onebox.agent.status.Reading;
import io.onebox.agent.status.Role;
import io.onebox.agent.status.Sample;
import io.onebox.engine.stats.PathSnapshot;
import io.onebox.engine.stats.SessionSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Keeps the meters of `interfaces.md`, section 7, in step with the samples: a meter for each link and session there
/// is, none for those gone. What is not known is left out. Confined to one thread.
public final class AgentMeters {

    private final MeterRegistry registry;
    private final Map<Key, Row> rows = new HashMap<>();

    /// @param version of the program, for `onebox_build_info`
    public AgentMeters(MeterRegistry registry, String version) {
        this.registry = registry;
        Gauge.builder("onebox.build.info", () -> 1)
                .tags("version", version)
                .strongReference(true)
                .register(registry);
        Gauge.builder("onebox.config.revision", () -> 0)
                .description("Revision pushed by the controller; 0 without one")
                .strongReference(true)
                .register(registry);
    }

    /// Takes the values of a reading.
    public void update(Reading reading) {
        List<Value> values = new ArrayList<>();
        for (SessionSnapshot session : reading.now().sessions()) {
            session(session, values);
            for (PathSnapshot path : session.paths()) {
                path(reading, session, path, values);
            }
        }
        drops(reading.now().drops(), values);
        Set<Key> present = new HashSet<>();
        for (Value value : values) {
            if (Double.isNaN(value.number()) || value.number() < 0) {
                continue;
            }
            present.add(value.key());
            rows.computeIfAbsent(value.key(), this::register).number = value.number();
        }
        rows.entrySet().removeIf(row -> {
            if (present.contains(row.getKey())) {
                return false;
            }
            remove(row.getKey());
            return true;
        });
    }

    private static void drops(Drops drops, List<Value> values) {
        drops.unclaimed()
                .forEach((reason, count) ->
                        values.add(counter("onebox.unclaimed.dropped.packets", Tags.of("reason", reason), count)));
        drops.devices()
                .forEach((device, reasons) -> reasons.forEach((reason, count) -> values.add(
                        counter("onebox.device.dropped.packets", Tags.of("device", device, "reason", reason), count))));
    }

    private static void session(SessionSnapshot session, List<Value> values) {
        Tags peer = Tags.of("peer", session.name());
        values.add(counter("onebox.session.receive.bytes", peer, session.rxBytes()));
        values.add(counter("onebox.session.transmit.bytes", peer, session.txBytes()));
        values.add(counter("onebox.session.repaired.packets", peer, session.repairedPackets()));
        values.add(gauge("onebox.session.reorder.held.seconds", peer, seconds(session.heldNs())));
        session.dropped()
                .forEach((reason, count) ->
                        values.add(counter("onebox.session.dropped.packets", peer.and("reason", reason), count)));
    }

    private static void path(Reading reading, SessionSnapshot session, PathSnapshot path, List<Value> values) {
        String link = link(reading, path);
        // A client has one session and links of its own; on a server every client has its own path 0.
        Tags tags =
                reading.role() == Role.CLIENT ? Tags.of("link", link) : Tags.of("link", link, "peer", session.name());
        values.add(gauge("onebox.link.up", tags, path.state().equals("usable") ? 1 : 0));
        values.add(counter("onebox.link.receive.bytes", tags, path.rxBytes()));
        values.add(counter("onebox.link.transmit.bytes", tags, path.txBytes()));
        values.add(gauge("onebox.link.rtt.seconds", tags, seconds(path.srttNs())));
        values.add(gauge("onebox.link.jitter.seconds", tags, seconds(path.jitterNs())));
        values.add(gauge("onebox.link.loss.ratio", tags, path.lossRatio()));
        String capacity = "onebox.link.capacity.bits.per.second";
        values.add(gauge(capacity, tags.and("direction", "transmit"), bits(path.capacityTxBytesPerSecond())));
        values.add(gauge(capacity, tags.and("direction", "receive"), bits(path.capacityRxBytesPerSecond())));
        if (path.lastHandshakeNs() >= 0) {
            Tags both = Tags.of("peer", session.name(), "link", link);
            values.add(gauge(
                    "onebox.handshake.age.seconds", both, seconds(reading.now().nowNs() - path.lastHandshakeNs())));
        }
    }

    private static String link(Reading reading, PathSnapshot path) {
        Sample now = reading.now();
        return now.links().stream()
                .filter(link -> link.isOpen() && link.id() == path.link())
                .map(LinkFacts::name)
                .findFirst()
                .orElse("path" + path.pathId());
    }

    private Row register(Key key) {
        var row = new Row();
        if (key.isCounter()) {
            FunctionCounter.builder(key.name(), row, source -> source.number)
                    .tags(key.tags())
                    .register(registry);
        } else {
            Gauge.builder(key.name(), row, source -> source.number)
                    .tags(key.tags())
                    .register(registry);
        }
        return row;
    }

    private void remove(Key key) {
        Meter.Type type = key.isCounter() ? Meter.Type.COUNTER : Meter.Type.GAUGE;
        registry.remove(new Meter.Id(key.name(), key.tags(), null, null, type));
    }

    private static Value counter(String name, Tags tags, long number) {
        return new Value(new Key(name, tags, true), (double) number);
    }

    private static Value gauge(String name, Tags tags, double number) {
        return new Value(new Key(name, tags, false), number);
    }

    private static double seconds(long ns) {
        return ns < 0 ? Double.NaN : ns / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private static double bits(long bytesPerSecond) {
        return bytesPerSecond < 0 ? Double.NaN : (double) bytesPerSecond * Byte.SIZE;
    }

    private record Key(String name, Tags tags, boolean isCounter) {}

    private record Value(Key key, double number) {}

    private static final class Row {
        private volatile double number;
    }
}
