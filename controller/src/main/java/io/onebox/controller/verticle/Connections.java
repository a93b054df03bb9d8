package io.onebox.controller.verticle;

import io.onebox.controller.auth.AttemptLimit;
import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;

/// How many connections each address, or /64 of IPv6, has that have not proved who they are: nobody alone can use up
/// the port. An agent that has proved itself does not count, so that a fleet behind one address has room. May be used
/// from any thread.
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
        String machine = AttemptLimit.machine(address);
        int count = counts.getOrDefault(machine, 0);
        if (count >= MAX_UNPROVED) {
            return false;
        }
        counts.put(machine, count + 1);
        unproved.put(remote, machine);
        return true;
    }

    /// A connection has ended, or it has proved who it is.
    synchronized void release(SocketAddress remote) {
        String machine = unproved.remove(remote);
        if (machine != null) {
            counts.computeIfPresent(machine, (_, count) -> count == 1 ? null : count - 1);
        }
    }
}
