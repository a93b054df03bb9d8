package io.onebox.engine.stats;

import java.util.List;
import java.util.Map;

/// A session at one instant.
///
/// @param peer public key in base64
/// @param sinceNs when it was last established, or -1
/// @param mtuBytes largest inner packet
/// @param rxBytes inner bytes delivered
/// @param txBytes inner bytes taken from TUN and sent
/// @param lostPackets inner packets known to be lost for good, as the peer's sender
/// @param repairedPackets inner packets sent again because they were lost or their path was
/// @param reorderedPackets inner packets that arrived after a later one
/// @param heldPackets inner packets waiting for others now
/// @param heldNs total time inner packets waited for others
/// @param dropped inner packets or datagrams discarded, by `DropReason` in lower case
/// @param paths in order of their ids
public record SessionSnapshot(
        String name,
        String peer,
        long sinceNs,
        int mtuBytes,
        long rxBytes,
        long txBytes,
        long rxPackets,
        long txPackets,
        long lostPackets,
        long repairedPackets,
        long reorderedPackets,
        long heldPackets,
        long heldNs,
        Map<String, Long> dropped,
        List<PathSnapshot> paths) {

    public SessionSnapshot {
        dropped = Map.copyOf(dropped);
        paths = List.copyOf(paths);
    }
}
