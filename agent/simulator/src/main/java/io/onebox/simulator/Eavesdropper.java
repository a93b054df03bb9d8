package io.onebox.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Somebody on the path to a server, who hears every datagram and may send some himself, but has no key.
public final class Eavesdropper {

    private static final int MEMORY = 4_096;
    private static final int MOST_GARBAGE = 1_500;

    /// An address of his own, 198.51.100.66.
    private static final long OWN_LOW = 0xffff_c633_6442L;

    private static final int OWN_PORT = 6_666;

    private final Simulation simulation;
    private final Consumer<Datagram> server;
    private final List<Datagram> heard = new ArrayList<>();

    Eavesdropper(Simulation simulation, Consumer<Datagram> server) {
        this.simulation = simulation;
        this.server = server;
    }

    /// Datagrams he remembers.
    public int heard() {
        return heard.size();
    }

    /// Sends everything he heard once more, as from where it came.
    public void replay() {
        heard.forEach(server);
    }

    /// Sends everything he heard once more, from an address of his own.
    public void replayFromElsewhere() {
        for (Datagram datagram : heard) {
            Datagram copy = simulation.datagram();
            copy.copyFrom(datagram);
            send(copy);
        }
    }

    /// Sends random bytes that begin like messages of the protocol.
    public void sendGarbage(int datagrams) {
        for (int i = 0; i < datagrams; i++) {
            var bytes = new byte[simulation.random().nextInt(MOST_GARBAGE)];
            simulation.random().nextBytes(bytes);
            if (bytes.length > Integer.BYTES) {
                bytes[0] = (byte) (1 + simulation.random().nextInt(4));
                bytes[1] = 0;
                bytes[2] = 0;
                bytes[3] = 0;
            }
            Datagram datagram = simulation.datagram();
            datagram.content(bytes);
            send(datagram);
        }
    }

    /// Sends what he heard with one byte changed, from where it came.
    public void sendForgeries() {
        for (Datagram datagram : heard) {
            Datagram copy = simulation.datagram();
            copy.copyFrom(datagram);
            if (copy.length() > 0) {
                copy.corrupt(
                        simulation.random().nextInt(copy.length()),
                        1 + simulation.random().nextInt(255));
            }
            server.accept(copy);
            simulation.recycle(copy);
        }
    }

    void hear(Datagram datagram) {
        if (heard.size() < MEMORY) {
            Datagram copy = simulation.datagram();
            copy.copyFrom(datagram);
            heard.add(copy);
        }
    }

    private void send(Datagram datagram) {
        datagram.source(0, OWN_LOW, OWN_PORT);
        server.accept(datagram);
        simulation.recycle(datagram);
    }
}
