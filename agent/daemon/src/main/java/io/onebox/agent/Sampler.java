package io.onebox.agent;

import io.onebox.agent.dataplane.DataPlaneSnapshot;
import io.onebox.agent.status.Drops;
import io.onebox.agent.status.LinkFacts;
import io.onebox.agent.status.Reading;
import io.onebox.agent.status.Sample;
import io.onebox.agent.status.Samples;
import io.onebox.agent.verticle.DataPlane;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// Takes a sample a second, keeps it, and shows it to the meters.
final class Sampler {

    private final DataPlane dataPlane;
    private final InstantSource wall;
    private final Samples samples = new Samples();

    Sampler(DataPlane dataPlane, InstantSource wall) {
        this.dataPlane = dataPlane;
        this.wall = wall;
    }

    /// The samples kept.
    Samples samples() {
        return samples;
    }

    /// A fresh sample, which is not kept.
    Future<Sample> sample(Supplier<List<LinkFacts>> links) {
        return dataPlane
                .snapshot()
                .map(plane -> new Sample(
                        wall.instant(), plane.nowNs(), plane.up(), plane.sessions(), drops(plane), links.get()));
    }

    private static Drops drops(DataPlaneSnapshot plane) {
        Map<String, Map<String, Long>> devices = new HashMap<>();
        plane.devices().forEach(device -> devices.put(device.device(), device.dropped()));
        return new Drops(plane.unclaimed(), devices);
    }

    /// Samples from here on.
    ///
    /// @param reading makes a reading of a sample, for the meters
    void start(Parts parts, Supplier<List<LinkFacts>> links, Function<Sample, Reading> reading) {
        parts.every(
                Samples.INTERVAL,
                () -> sample(links).onSuccess(sample -> {
                    samples.add(sample);
                    parts.meters().update(reading.apply(sample));
                }));
    }
}
