package io.onebox.engine.path;

/// What went over a path, in outer bytes: everything a metered link is billed for, less IP and UDP.
public final class PathCounters {

    private long rxBytes;
    private long rxPackets;
    private long txBytes;
    private long txPackets;

    void onReceived(int bytes) {
        rxPackets++;
        rxBytes += bytes;
    }

    void onSent(int bytes) {
        txPackets++;
        txBytes += bytes;
    }

    /// Bytes received.
    public long rxBytes() {
        return rxBytes;
    }

    /// Messages received.
    public long rxPackets() {
        return rxPackets;
    }

    /// Bytes sent.
    public long txBytes() {
        return txBytes;
    }

    /// Messages sent.
    public long txPackets() {
        return txPackets;
    }
}
