package io.onebox.agent.dataplane;

import java.util.HashMap;
import java.util.Map;

/// A device's counters at one instant.
///
/// @param device name of the TUN device, or of the link of a socket
/// @param received packets handed to the engine
/// @param sent packets the kernel took
/// @param dropped packets discarded, by [DeviceDrop#label]; reasons that never happened are left out
public record DeviceSnapshot(String device, long received, long sent, Map<String, Long> dropped) {

    public DeviceSnapshot {
        dropped = Map.copyOf(dropped);
    }

    /// What two parts of a device did together.
    public DeviceSnapshot plus(DeviceSnapshot other) {
        Map<String, Long> both = new HashMap<>(dropped);
        other.dropped.forEach((reason, count) -> both.merge(reason, count, Long::sum));
        return new DeviceSnapshot(device, received + other.received, sent + other.sent, both);
    }
}
