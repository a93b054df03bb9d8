package io.onebox.controller.verticle;

import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;

/// How many connections each address has that have not proved who they are: nobody alone can use up the port. An agent
/// that has proved itself does not count, so that a fleet behind one address has room. May be used from any thread.
final class Connections {

    /// Of one address; a browser opens six.
    static final int MAX_UNPROVED = 256;

    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<SocketAddress, String> unproved = new HashMap<>();

    /// Counts a connection.
    ///
    /// @return whether it may stay
    boolean enter(SocketAddress remote) {
        return enter(remote, remote.hostAddress());
    }

    /// Counts a connection that a proxy has handed on.
    ///
    /// @param address from which it comes
    /// @return whether it may stay
    synchronized boolean enter(SocketAddress remote, String address) {
        release(remote); // A proxy may use a connection again.
        int count = counts.getOrDefault(address, 0);
        if (count >= MAX_UNPROVED) {
            return false;
        }
        counts.put(address, count + 1);
        unproved.put(remote, address);
        return true;
    }

    /// A connection has ended, or it has proved who it is.
    synchronized void release(SocketAddress remote) {
        String address = unproved.remove(remote);
        if (address != null) {
            counts.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
        }
    }
}
