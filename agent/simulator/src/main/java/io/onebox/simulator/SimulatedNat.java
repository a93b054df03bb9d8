package io.onebox.simulator;

import java.time.Duration;

/// A router on the way that gives the client another address and port, forgets the mapping of a silent
/// flow, and lets nothing in without one (RFC 4787: endpoint-independent mapping).
final class SimulatedNat {

    private static final int NO_PORT = -1;
    private static final int FIRST_PORT = 1_024;
    private static final int PORTS = 60_000;

    private final Simulation simulation;
    private final long timeoutNs;
    private int insidePort = NO_PORT;
    private int outsidePort = NO_PORT;
    private long lastNs;
    private long refused;

    SimulatedNat(Simulation simulation, Duration timeout) {
        this.simulation = simulation;
        this.timeoutNs = timeout.toNanos();
    }

    /// Forgets the mapping, as when the router restarts.
    void forget() {
        insidePort = NO_PORT;
        outsidePort = NO_PORT;
    }

    /// Datagrams from outside that had no mapping.
    long refused() {
        return refused;
    }

    /// The outside port of a datagram from inside.
    int outbound(int sourcePort) {
        if (insidePort != sourcePort || isExpired()) {
            insidePort = sourcePort;
            outsidePort = FIRST_PORT + simulation.random().nextInt(PORTS);
        }
        lastNs = simulation.nowNs();
        return outsidePort;
    }

    /// The inside port of a datagram from outside, or -1 if it may not come in.
    int inbound(int targetPort) {
        if (targetPort != outsidePort || isExpired()) {
            refused++;
            return NO_PORT;
        }
        lastNs = simulation.nowNs();
        return insidePort;
    }

    private boolean isExpired() {
        return simulation.nowNs() - lastNs > timeoutNs;
    }
}
