package io.onebox.engine.stats;

import io.onebox.engine.packet.Endpoint;
import org.jspecify.annotations.Nullable;

/// A path at one instant. Rates are estimates of capacity, not of use; -1 means not known.
///
/// @param state name of its `PathState`, in lower case
/// @param reasonUnused why it carries no data, or `null` if it does
/// @param lastHandshakeNs when its keys were made, or -1
public record PathSnapshot(
        int pathId,
        int link,
        String state,
        @Nullable String reasonUnused,
        @Nullable Endpoint remote,
        long rxBytes,
        long txBytes,
        long rxPackets,
        long txPackets,
        long capacityTxBytesPerSecond,
        long capacityRxBytesPerSecond,
        long srttNs,
        long minRttNs,
        long jitterNs,
        long queueDelayNs,
        double lossRatio,
        int mtuBytes,
        long lastHandshakeNs) {}
