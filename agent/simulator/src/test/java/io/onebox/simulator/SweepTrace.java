package io.onebox.simulator;

import io.onebox.engine.stats.PathSnapshot;
import io.onebox.engine.stats.SessionSnapshot;
import io.onebox.simulator.link.LinkDirection;
import io.onebox.simulator.traffic.InnerTcp;
import java.io.PrintStream;
import java.util.Locale;

/// A run as CSV: what the flow gets, what the engine believes, and what is true.
final class SweepTrace {

    private static final double NS_PER_MS = 1e6;
    private static final double BYTES_PER_MEGABIT = 125_000;

    private final Bond bond;
    private final InnerTcp flow;
    private final boolean isUp;
    private final PrintStream out;

    SweepTrace(Bond bond, InnerTcp flow, boolean isUp, PrintStream out) {
        this.bond = bond;
        this.flow = flow;
        this.isUp = isUp;
        this.out = out;
    }

    void header() {
        out.print("ms,mbit,srtt_ms,window,in_flight,resent,undos,tun,repairs,lost,queue_drops,reordered,held,held_ms");
        for (int i = 0; i < bond.client.links().size(); i++) {
            String columns =
                    ",state#,rate#_mbit,queue#_ms,srtt#_ms,min_rtt#_ms,loss#,tx#_bytes,true_queue#_ms,true_drops#";
            out.print(columns.replace("#", Integer.toString(i)));
        }
        out.println();
    }

    void row() {
        SimulatedHost sender = isUp ? bond.client : bond.server;
        SimulatedHost receiver = isUp ? bond.server : bond.client;
        SessionSnapshot sent = sender.agent().snapshot().getFirst();
        SessionSnapshot received = receiver.agent().snapshot().getFirst();
        out.printf(
                Locale.ROOT,
                "%d,%.2f,%.1f,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%.0f",
                bond.simulation.nowNs() / 1_000_000,
                flow.megabitsPerSecond(),
                flow.srttNs() / NS_PER_MS,
                flow.window(),
                flow.inFlight(),
                flow.resentSegments(),
                flow.undos(),
                sender.agent().waitingInTun(),
                sent.repairedPackets(),
                sent.lostPackets(),
                sent.dropped().getOrDefault("queue_delay", 0L),
                received.reorderedPackets(),
                received.heldPackets(),
                received.heldNs() / NS_PER_MS);
        for (PathSnapshot path : sent.paths()) {
            path(path);
        }
        out.println();
    }

    private void path(PathSnapshot path) {
        SimulatedLink link = bond.client.links().get(path.pathId());
        LinkDirection direction = isUp ? link.up() : link.down();
        out.printf(
                Locale.ROOT,
                ",%s,%.2f,%.1f,%.1f,%.1f,%.3f,%d,%.1f,%d",
                path.state(),
                path.capacityTxBytesPerSecond() / BYTES_PER_MEGABIT,
                path.queueDelayNs() / NS_PER_MS,
                path.srttNs() / NS_PER_MS,
                path.minRttNs() / NS_PER_MS,
                path.lossRatio(),
                path.txBytes(),
                direction.queueDelayNs(bond.simulation.nowNs()) / NS_PER_MS,
                direction.tailDroppedPackets());
    }
}
