package io.onebox.simulator;

import io.onebox.engine.noise.Aead;
import io.onebox.simulator.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A world with its own time, in one thread: hosts, the links between them, and a queue of events in the
/// order they happen.
///
/// All chance comes from one generator, and events at the same instant run in the order they were
/// scheduled, so a seed and a commit repeat a run exactly.
public final class Simulation {

    private final RandomGenerator random;
    private final Aead.Factory aead;
    private final VirtualTime time = new VirtualTime();
    private final Deque<Datagram> spare = new ArrayDeque<>();
    private final List<SimulatedHost> hosts = new ArrayList<>();
    private final List<SimulatedLink> links = new ArrayList<>();

    /// A world without secrets, for speed.
    public Simulation(RandomGenerator random) {
        this(random, PlaintextAead::new);
    }

    /// A world with a cipher.
    public Simulation(RandomGenerator random, Aead.Factory aead) {
        this.random = random;
        this.aead = aead;
    }

    /// The one source of chance.
    public RandomGenerator random() {
        return random;
    }

    /// The clock of this world.
    public VirtualTime time() {
        return time;
    }

    /// Nanoseconds since the beginning.
    public long nowNs() {
        return time.nowNs();
    }

    /// Adds a host. Its number gives it its addresses.
    public SimulatedHost host(String name) {
        var host = new SimulatedHost(this, name, hosts.size() + 1, aead);
        hosts.add(host);
        return host;
    }

    /// All hosts, in the order they were added.
    public List<SimulatedHost> hosts() {
        return List.copyOf(hosts);
    }

    /// All links, in the order they were added.
    public List<SimulatedLink> links() {
        return List.copyOf(links);
    }

    /// Runs `action` at `atNs`, or now if that is past.
    public void schedule(long atNs, Runnable action) {
        time.schedule(atNs, action);
    }

    /// Runs `action` when `sinceStart` has passed.
    public void at(Duration sinceStart, Runnable action) {
        time.schedule(sinceStart.toNanos(), action);
    }

    /// Lets `duration` of virtual time pass.
    public void run(Duration duration) {
        time.runUntil(time.nowNs() + duration.toNanos());
    }

    /// Adds a link of `client`.
    SimulatedLink link(SimulatedHost client, String name, int id) {
        var link = new SimulatedLink(this, client, name, id, links.size() + 1);
        links.add(link);
        return link;
    }

    /// The link whose far side has an address, or `null`.
    @Nullable
    SimulatedLink linkAt(long high, long low) {
        for (int i = 0; i < links.size(); i++) {
            if (links.get(i).owns(high, low)) {
                return links.get(i);
            }
        }
        return null;
    }

    /// An unused datagram.
    Datagram datagram() {
        Datagram datagram = spare.poll();
        return datagram == null ? new Datagram() : datagram;
    }

    /// Takes a datagram back.
    void recycle(Datagram datagram) {
        datagram.pipe = null;
        spare.push(datagram);
    }
}
