package io.onebox.controller.verticle;

import io.onebox.controller.store.Starts;
import java.util.HashMap;
import java.util.Map;

/// Notices that two machines have one identity, where this node is the only one; of several, the database notices it,
/// with the same [Starts]. May be used from any thread.
final class Twins {

    /// The starts of the agents that are connected.
    private final Map<String, Starts> starts = new HashMap<>();

    /// An agent has connected.
    ///
    /// @param start another word with every start of an agent
    /// @return whether this is what shows that there are two
    synchronized boolean enter(String agent, String start) {
        Starts last = starts.getOrDefault(agent, Starts.NONE);
        Starts next = last.then(start);
        starts.put(agent, next);
        return last.areTwoOnlyIn(next);
    }

    /// Nobody of that identity is connected any more.
    synchronized void leave(String agent) {
        starts.remove(agent);
    }

    /// Whether there are two.
    synchronized boolean areTwo(String agent) {
        return starts.getOrDefault(agent, Starts.NONE).areTwo();
    }
}
