package io.onebox.agent.dataplane;

import java.util.LinkedHashMap;
import java.util.Map;

/// What a device received, sent and discarded. Confined to the thread of the device.
@SuppressWarnings("EnumOrdinal") // Tables on the hot path are indexed by ordinal.
public final class DeviceCounters {

    private final long[] dropped = new long[DeviceDrop.values().length];
    private long received;
    private long sent;

    /// Counts a packet handed to the engine.
    public void onReceived() {
        received++;
    }

    /// Counts packets the kernel took.
    public void onSent(int packets) {
        sent += packets;
    }

    /// Counts discarded packets.
    public void onDropped(DeviceDrop reason, int packets) {
        dropped[reason.ordinal()] += packets;
    }

    /// Packets discarded for `reason`.
    public long dropped(DeviceDrop reason) {
        return dropped[reason.ordinal()];
    }

    /// The counters as they are.
    public DeviceSnapshot snapshot(String device) {
        Map<String, Long> reasons = new LinkedHashMap<>();
        for (DeviceDrop reason : DeviceDrop.values()) {
            if (dropped(reason) > 0) {
                reasons.put(reason.label(), dropped(reason));
            }
        }
        return new DeviceSnapshot(device, received, sent, reasons);
    }
}
