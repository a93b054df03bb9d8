package io.onebox.controller.verticle;

import java.util.HashMap;
import java.util.Map;

/// Notices that two machines have one identity, such as the copies of a disk. They take the connection from each
/// other, so a start of the agent comes back that another start had taken over from. An agent that was started anew
/// looks different: its earlier start does not come back. May be used from any thread.
final class Twins {

    /// The starts of the agents that are connected.
    private final Map<String, Starts> starts = new HashMap<>();

    private record Starts(String now, String before, boolean areTwo) {

        Starts then(String start) {
            return start.equals(now) ? this : new Starts(start, now, start.equals(before));
        }
    }

    /// An agent has connected.
    ///
    /// @param start another word with every start of an agent
    /// @return whether this is what shows that there are two
    synchronized boolean enter(String agent, String start) {
        Starts last = starts.getOrDefault(agent, new Starts(start, "", false));
        Starts next = last.then(start);
        starts.put(agent, next);
        return next.areTwo() && !last.areTwo();
    }

    /// Nobody of that identity is connected any more.
    synchronized void leave(String agent) {
        starts.remove(agent);
    }

    /// Whether there are two.
    synchronized boolean areTwo(String agent) {
        Starts known = starts.get(agent);
        return known != null && known.areTwo();
    }
}
