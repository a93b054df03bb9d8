package io.onebox.simulator;

import io.onebox.simulator.link.Deliveries;
import io.onebox.simulator.link.LinkDirection;
import io.onebox.simulator.link.LinkShape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// One direction of a link with the datagrams on it, in virtual time.
final class Pipe {

    private final Simulation simulation;
    private final LinkDirection direction;
    private final Consumer<Datagram> sink;
    private final Deliveries deliveries = new Deliveries();
    private final Deque<Datagram> waiting = new ArrayDeque<>();
    private long arrivedPackets;
    private long arrivedBytes;

    /// @param sink looks at each datagram that arrives; the pipe takes it back
    Pipe(Simulation simulation, LinkShape shape, Consumer<Datagram> sink) {
        this.simulation = simulation;
        this.direction = new LinkDirection(shape, simulation.random());
        this.sink = sink;
    }

    LinkDirection direction() {
        return direction;
    }

    long arrivedPackets() {
        return arrivedPackets;
    }

    /// Bytes that arrived, without IP and UDP headers.
    long arrivedBytes() {
        return arrivedBytes;
    }

    /// Sends a datagram, and takes ownership of it.
    ///
    /// @param headerBytes bytes of the headers that are not part of its content
    void send(Datagram datagram, int headerBytes) {
        direction.offer(simulation.nowNs(), datagram.length() + headerBytes, deliveries);
        int count = deliveries.count();
        if (count == 0) {
            simulation.recycle(datagram);
            return;
        }
        for (int i = 1; i < count; i++) {
            Datagram copy = simulation.datagram();
            copy.copyFrom(datagram);
            depart(copy, i);
        }
        depart(datagram, 0);
    }

    void resume() {
        direction.resume(simulation.nowNs());
        while (!waiting.isEmpty()) {
            await(waiting.remove());
        }
    }

    private void depart(Datagram datagram, int index) {
        if (deliveries.isCorrupt(index)) {
            datagram.corrupt(
                    simulation.random().nextInt(datagram.length()),
                    1 + simulation.random().nextInt(255));
        }
        datagram.pipe = this;
        datagram.lineNs = deliveries.lineNs(index);
        datagram.generation = deliveries.generation();
        await(datagram);
    }

    private void await(Datagram datagram) {
        long dueNs = direction.dueNs(datagram.lineNs);
        if (dueNs == Long.MAX_VALUE) {
            waiting.add(datagram);
        } else {
            simulation.schedule(dueNs, datagram);
        }
    }

    void onDue(Datagram datagram) {
        if (direction.dueNs(datagram.lineNs) > simulation.nowNs()) {
            await(datagram);
            return;
        }
        if (direction.arrives(datagram.generation)) {
            arrivedPackets++;
            arrivedBytes += datagram.length();
            sink.accept(datagram);
        }
        simulation.recycle(datagram);
    }
}
