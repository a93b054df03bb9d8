package io.onebox.controller.verticle;

import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// How many connections each address has that have not proved who they are: nobody alone can use up the port. An agent
/// that has proved itself does not count, so that a fleet behind one address has room. May be used from any thread.
final class Connections {

    /// Of one address; a browser opens six.
    static final int MAX_UNPROVED = 256;

    private final Map<String, Integer> counts = new HashMap<>();
    private final Set<SocketAddress> unproved = new HashSet<>();

    /// Counts a connection.
    ///
    /// @return whether it may stay
    synchronized boolean enter(SocketAddress remote) {
        int count = counts.getOrDefault(remote.hostAddress(), 0);
        if (count >= MAX_UNPROVED) {
            return false;
        }
        counts.put(remote.hostAddress(), count + 1);
        unproved.add(remote);
        return true;
    }

    /// A connection has ended, or it has proved who it is.
    synchronized void release(SocketAddress remote) {
        if (unproved.remove(remote)) {
            counts.computeIfPresent(remote.hostAddress(), (_, count) -> count == 1 ? null : count - 1);
        }
    }
}
