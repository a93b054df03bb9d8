package io.onebox.agent.status;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// What was discarded beside what the sessions count.
///
/// @param unclaimed packets and datagrams that belonged to no session, by reason
/// @param devices packets at the TUN device and at the sockets of links, by device and reason; a device that lost
///     nothing is left out
public record Drops(Map<String, Long> unclaimed, Map<String, Map<String, Long>> devices) {

    /// Nothing.
    public static final Drops NONE = new Drops(Map.of(), Map.of());

    public Drops {
        unclaimed = Map.copyOf(unclaimed);
        var lost = new TreeMap<>(devices);
        lost.values().removeIf(Map::isEmpty);
        devices = Collections.unmodifiableMap(lost);
    }
}
