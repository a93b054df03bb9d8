package io.onebox.engine.stats;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What happened to the inner packets of a session. Every packet that comes in is delivered, dropped for
/// one reason, or held.
public final class SessionCounters {

    private static final DropReason[] REASONS = DropReason.values();

    private final long[] dropped = new long[REASONS.length];
    private long fromTun;
    private long txBytes;
    private long sentPackets;
    private long fromPath;
    private long toTun;
    private long rxBytes;
    private long lost;
    private long repaired;
    private long reordered;
    private long heldNs;

    /// An inner packet came from TUN.
    public void onFromTun(int bytes) {
        fromTun++;
        txBytes += bytes;
    }

    /// An inner packet left over a path for the first time.
    public void onSent() {
        sentPackets++;
    }

    /// An inner packet came out of an authentic message.
    public void onFromPath() {
        fromPath++;
    }

    /// An inner packet goes to TUN.
    public void onDelivered(int bytes) {
        toTun++;
        rxBytes += bytes;
    }

    /// Something was discarded.
    public void onDropped(DropReason reason) {
        dropped[reason.ordinal()]++;
    }

    /// An inner packet is given up.
    public void onLost() {
        lost++;
    }

    /// An inner packet is sent again.
    public void onRepaired() {
        repaired++;
    }

    /// An inner packet arrived after a later one was delivered.
    public void onReordered() {
        reordered++;
    }

    /// An inner packet waited.
    public void onHeld(long durationNs) {
        heldNs += durationNs;
    }

    /// Inner packets from TUN.
    public long fromTun() {
        return fromTun;
    }

    /// Inner packets that left over a path at least once.
    public long sentPackets() {
        return sentPackets;
    }

    /// Inner packets from paths, copies included.
    public long fromPath() {
        return fromPath;
    }

    /// Inner packets to TUN.
    public long toTun() {
        return toTun;
    }

    /// Inner bytes from TUN.
    public long txBytes() {
        return txBytes;
    }

    /// Inner bytes to TUN.
    public long rxBytes() {
        return rxBytes;
    }

    /// Inner packets given up.
    public long lost() {
        return lost;
    }

    /// Inner packets sent again.
    public long repaired() {
        return repaired;
    }

    /// Inner packets that arrived after a later one.
    public long reordered() {
        return reordered;
    }

    /// Time inner packets waited, in sum.
    public long heldNs() {
        return heldNs;
    }

    /// Discards for one reason.
    public long dropped(DropReason reason) {
        return dropped[reason.ordinal()];
    }

    /// Discards by reason, without those that are zero.
    public Map<String, Long> dropped() {
        var named = new EnumMap<DropReason, Long>(DropReason.class);
        for (DropReason reason : REASONS) {
            if (dropped[reason.ordinal()] > 0) {
                named.put(reason, dropped[reason.ordinal()]);
            }
        }
        var result = new TreeMap<String, Long>();
        named.forEach((reason, count) -> result.put(reason.name().toLowerCase(Locale.ROOT), count));
        return result;
    }
}
