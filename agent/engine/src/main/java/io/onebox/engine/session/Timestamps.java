package io.onebox.engine.session;

import io.onebox.engine.noise.Tai64n;
import java.util.HashMap;
import java.util.Map;

/// The greatest handshake timestamp of each path of a peer: older initiations are replays. One for each
/// path, because initiations overtake each other on unequal links.
final class Timestamps {

    private final Map<Integer, Tai64n> greatest = new HashMap<>();

    /// Whether `timestamp` is greater than all before on path `id`, in which case it is remembered.
    boolean accept(int id, Tai64n timestamp) {
        Tai64n before = greatest.get(id);
        if (before != null && timestamp.compareTo(before) <= 0) {
            return false;
        }
        greatest.put(id, timestamp);
        return true;
    }
}
