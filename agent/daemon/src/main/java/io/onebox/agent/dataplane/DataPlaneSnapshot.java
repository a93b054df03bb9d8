package io.onebox.agent.dataplane;

import io.onebox.engine.stats.SessionSnapshot;
import java.util.List;
import java.util.Map;

/// The data plane at one instant.
///
/// @param nowNs the instant, on the clock all `…Ns` of the sessions are on
/// @param up whether it carries traffic
/// @param sessions in the order the peers were added
/// @param unclaimed packets and datagrams discarded before they belonged to a session, by `DropReason` in lower case
/// @param devices counters of the TUN device, of each link's socket, and of what reached neither
/// @param packetsInUse packets of the pool that somebody holds, sockets included
/// @param packets packets in the pool
public record DataPlaneSnapshot(
        long nowNs,
        boolean up,
        List<SessionSnapshot> sessions,
        Map<String, Long> unclaimed,
        List<DeviceSnapshot> devices,
        int packetsInUse,
        int packets) {

    public DataPlaneSnapshot {
        sessions = List.copyOf(sessions);
        unclaimed = Map.copyOf(unclaimed);
        devices = List.copyOf(devices);
    }
}
