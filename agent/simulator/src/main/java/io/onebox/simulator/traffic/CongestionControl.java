package io.onebox.simulator.traffic;

/// Decides how much a sender may have in flight, and how fast. Counts in segments.
public interface CongestionControl {

    /// First window of a connection (RFC 6928).
    int INITIAL_WINDOW = 10;

    /// The connection is established.
    ///
    /// @param rttNs round trip of its first packet
    void onEstablished(long rttNs, long nowNs);

    /// Takes in what an acknowledgement taught.
    void onAck(AckSample sample);

    /// Loss was found: fast recovery begins.
    void onRecovery(AckSample sample);

    /// What was outstanding when recovery began has arrived.
    void onRecovered();

    /// The retransmission timer expired for the first time since there was progress.
    void onTimeout(int inFlight);

    /// The loss was none: packets had overtaken each other.
    void onUndo();

    /// The network marked packets, at most once per round trip (RFC 3168).
    void onMarked(AckSample sample);

    /// Segments that may be in flight.
    int window();

    /// Pacing rate, or 0 for none.
    double segmentsPerSecond();
}
