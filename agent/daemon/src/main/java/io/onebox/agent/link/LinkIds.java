package io.onebox.agent.link;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Small numbers for interface names. A name keeps its number; only when all are taken, that of the name unused
/// for longest is given away.
final class LinkIds {

    /// A path id is one byte on the wire (protocol.md).
    private static final int CAPACITY = 256;

    private final Map<String, Integer> ids = new LinkedHashMap<>();

    /// The number of `name`.
    ///
    /// @param inUse names that must keep theirs
    int idOf(String name, Set<String> inUse) {
        Integer known = ids.remove(name);
        int id = known != null ? known : ids.size() < CAPACITY ? ids.size() : takeFromOldest(inUse);
        ids.put(name, id);
        return id;
    }

    private int takeFromOldest(Set<String> inUse) {
        Map.Entry<String, Integer> oldest = ids.entrySet().stream()
                .filter(entry -> !inUse.contains(entry.getKey()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("more than " + CAPACITY + " links at once"));
        int id = oldest.getValue();
        ids.remove(oldest.getKey());
        return id;
    }
}
