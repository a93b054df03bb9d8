package io.onebox.simulator.traffic;

/// What one acknowledgement taught. Filled anew for each by the sender.
///
/// The delivery rate is that of draft-cheng-iccrg-delivery-rate-estimation-02, as in Linux.
public final class AckSample {

    /// No round trip or rate in this acknowledgement.
    public static final long NONE = -1;

    /// When it came.
    public long nowNs;

    /// Segments delivered in all, and those delivered anew.
    public long delivered;

    public int newlyDelivered;

    /// Segments found lost by it.
    public int newlyLost;

    /// Segments in flight before and after.
    public int priorInFlight;

    public int inFlight;

    /// Segments delivered when the newest segment it covers was sent.
    public long priorDelivered;

    /// Over this long [#rateDelivered] segments were delivered, or [#NONE].
    public long intervalNs;

    public long rateDelivered;

    /// Round trip of the newest segment that was sent once, or [#NONE].
    public long rttNs;

    /// Least round trip of the connection, and the smoothed one.
    public long minRttNs;

    public long srttNs;

    /// Whether the sender is mending a loss; whether its window was full.
    public boolean inRecovery;

    public boolean isWindowLimited;

    AckSample() {}
}
