package io.onebox.agent.dataplane;

import io.onebox.engine.stats.SessionSnapshot;
import java.util.List;

/// The data plane at one instant.
///
/// @param nowNs the instant, on the clock all `…Ns` of the sessions are on
/// @param up whether it carries traffic
/// @param sessions in the order the peers were added
/// @param devices counters of the TUN device, of each link's socket, and of what reached neither
/// @param packetsInUse packets of the pool that somebody holds, sockets included
/// @param packets packets in the pool
public record DataPlaneSnapshot(
        long nowNs,
        boolean up,
        List<SessionSnapshot> sessions,
        List<DeviceSnapshot> devices,
        int packetsInUse,
        int packets) {

    public DataPlaneSnapshot {
        sessions = List.copyOf(sessions);
        devices = List.copyOf(devices);
    }
}
