package io.onebox.simulator;

import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.session.LinkConfig;
import io.onebox.simulator.link.LinkDirection;
import io.onebox.simulator.link.LinkShape;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An uplink of a client, to wherever its server is. Perfect until told otherwise, and then alike in both
/// directions unless [#up] or [#down] is told alone.
///
/// ```
///   client  --- up --->  [ NAT ]  ---  server
///           <-- down --
/// ```
public final class SimulatedLink {

    /// Headers of IPv4 and UDP, which are not part of a datagram.
    static final int HEADER_BYTES = 28;

    private static final int INTERFACE_MTU = 1_500;
    private static final int INSIDE_NET = 0xc0a8_0002;
    private static final int OUTSIDE_NET = 0xcb00_0000;
    private static final int PORT = 51_820;

    /// What netlink takes to tell that a link is gone or back. A guess, from milliseconds on a busy host.
    private static final long NOTICE_NS = 2_000_000;

    private final Simulation simulation;
    private final SimulatedHost client;
    private final String name;
    private final int id;
    private final long insideLow;
    private final Pipe up;
    private final Pipe down;

    private @Nullable SimulatedNat nat;
    private @Nullable SimulatedHost server;
    private @Nullable Eavesdropper eavesdropper;
    private LinkSettings settings = LinkSettings.DEFAULT;
    private int mtuBytes = INTERFACE_MTU;
    private long outsideLow;
    private boolean plugged = true;

    SimulatedLink(Simulation simulation, SimulatedHost client, String name, int id, int number) {
        this.simulation = simulation;
        this.client = client;
        this.name = name;
        this.id = id;
        this.insideLow = Endpoint.mapped(INSIDE_NET + (number << 8));
        this.outsideLow = Endpoint.mapped(OUTSIDE_NET + number);
        this.up = new Pipe(simulation, LinkShape.PERFECT, this::arriveAtServer);
        this.down = new Pipe(simulation, LinkShape.PERFECT, this::arriveAtClient);
    }

    /// Changes both directions.
    public SimulatedLink shape(UnaryOperator<LinkShape> change) {
        return up(change).down(change);
    }

    /// Changes the direction from the client.
    public SimulatedLink up(UnaryOperator<LinkShape> change) {
        up.direction().shape(change.apply(up.direction().shape()));
        return this;
    }

    /// Changes the direction to the client.
    public SimulatedLink down(UnaryOperator<LinkShape> change) {
        down.direction().shape(change.apply(down.direction().shape()));
        return this;
    }

    /// Sets the mean one-way delay.
    public SimulatedLink delay(Duration base) {
        return shape(shape -> shape.delay(base));
    }

    /// Sets how far the delay strays, smoothly.
    public SimulatedLink jitter(Duration stray) {
        return shape(shape -> shape.jitter(stray));
    }

    /// Sets the rate.
    public SimulatedLink megabitsPerSecond(double rate) {
        return shape(shape -> shape.megabitsPerSecond(rate));
    }

    /// Sets the longest wait in the queue.
    public SimulatedLink queue(Duration longestWait) {
        return shape(shape -> shape.queue(longestWait));
    }

    /// Sets the probability of loss.
    public SimulatedLink loss(double probability) {
        return shape(shape -> shape.loss(probability));
    }

    /// Sets how the client is told to use the link.
    public SimulatedLink settings(LinkSettings changed) {
        settings = changed;
        client.changeLink(this);
        return this;
    }

    /// Sets the MTU of the interface, which the client knows.
    public SimulatedLink interfaceMtu(int largestBytes) {
        mtuBytes = largestBytes;
        return this;
    }

    /// Puts a NAT into the link.
    public SimulatedLink nat(Duration timeout) {
        nat = new SimulatedNat(simulation, timeout);
        return this;
    }

    /// Gives the client another outside address and port, as when a mobile network moves it.
    public void rebind() {
        outsideLow += 1 << 16;
        if (nat != null) {
            nat.forget();
        }
    }

    /// Swallows everything in both directions, and what is in flight. Nobody is told.
    public void cut() {
        up.direction().cut();
        down.direction().cut();
    }

    /// Ends a cut.
    public void restore() {
        up.direction().restore(simulation.nowNs());
        down.direction().restore(simulation.nowNs());
    }

    /// Swallows what the client sends.
    public void cutUp() {
        up.direction().cut();
    }

    /// Swallows what the client would receive.
    public void cutDown() {
        down.direction().cut();
    }

    /// Takes the link away; the client is told.
    public void unplug() {
        cut();
        plugged = false;
        simulation.schedule(simulation.nowNs() + NOTICE_NS, () -> client.onUnplugged(this));
    }

    /// Brings the link back; the client is told.
    public void plug() {
        restore();
        plugged = true;
        simulation.schedule(simulation.nowNs() + NOTICE_NS, () -> client.onPlugged(this));
    }

    /// Everything waits, as in a handover.
    public void pause() {
        up.direction().pause(simulation.nowNs());
        down.direction().pause(simulation.nowNs());
    }

    /// Ends a pause.
    public void resume() {
        up.resume();
        down.resume();
    }

    /// Puts somebody on the path to the server who keeps a copy of what passes.
    public Eavesdropper eavesdrop() {
        eavesdropper = new Eavesdropper(simulation, datagram -> {
            if (server != null) {
                server.receive(datagram, SimulatedHost.SERVER_LINK);
            }
        });
        return eavesdropper;
    }

    /// The direction from the client.
    public LinkDirection up() {
        return up.direction();
    }

    /// The direction to the client.
    public LinkDirection down() {
        return down.direction();
    }

    public String name() {
        return name;
    }

    /// Its number among the links of the client.
    public int id() {
        return id;
    }

    /// Whether the interface is there.
    public boolean isPlugged() {
        return plugged;
    }

    /// UDP payload that arrived at the server, and at the client.
    public long arrivedUpBytes() {
        return up.arrivedBytes();
    }

    public long arrivedDownBytes() {
        return down.arrivedBytes();
    }

    /// Datagrams the NAT did not let in.
    public long refusedByNat() {
        return nat == null ? 0 : nat.refused();
    }

    LinkConfig config() {
        return new LinkConfig(id, name, settings, true, false, mtuBytes);
    }

    LinkSettings settings() {
        return settings;
    }

    void connect(SimulatedHost newServer) {
        server = newServer;
    }

    boolean owns(long high, long low) {
        return high == 0 && (low & 0xffff) == (outsideLow & 0xffff) && low >>> 24 == outsideLow >>> 24;
    }

    /// Takes a datagram the client sends.
    void fromClient(Datagram datagram) {
        datagram.source(0, insideLow, PORT);
        up.send(datagram, HEADER_BYTES);
    }

    /// Takes a datagram the server sends.
    void fromServer(Datagram datagram) {
        down.send(datagram, HEADER_BYTES);
    }

    private void arriveAtServer(Datagram datagram) {
        datagram.source(0, outsideLow, nat == null ? datagram.sourcePort : nat.outbound(datagram.sourcePort));
        if (eavesdropper != null) {
            eavesdropper.hear(datagram);
        }
        if (server != null) {
            server.receive(datagram, SimulatedHost.SERVER_LINK);
        }
    }

    private void arriveAtClient(Datagram datagram) {
        int port = nat == null ? datagram.targetPort : nat.inbound(datagram.targetPort);
        if (datagram.targetLow == outsideLow && port == PORT) {
            datagram.target(0, insideLow, port);
            client.receive(datagram, id);
        }
    }
}
