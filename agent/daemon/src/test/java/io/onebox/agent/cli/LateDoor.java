package io.onebox.agent.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;

/// A port that hangs up on the first who come, and lets those after them through to another port.
final class LateDoor implements AutoCloseable {

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int behind;
    private int refusals;

    /// @param behind the other port
    /// @param refusals how many are turned away
    LateDoor(int behind, int refusals) throws IOException {
        this.behind = behind;
        this.refusals = refusals;
        Thread.ofVirtual().start(this::accept);
    }

    URI url() {
        return URI.create("https://127.0.0.1:" + door.getLocalPort());
    }

    private void accept() {
        try {
            while (true) {
                Socket caller = door.accept();
                if (refusals > 0) {
                    refusals--;
                    caller.close();
                } else {
                    var inside = new Socket(InetAddress.getLoopbackAddress(), behind);
                    Thread.ofVirtual().start(() -> copy(caller, inside));
                    Thread.ofVirtual().start(() -> copy(inside, caller));
                }
            }
        } catch (IOException _) {
            // The test is over.
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // One of them has hung up.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
