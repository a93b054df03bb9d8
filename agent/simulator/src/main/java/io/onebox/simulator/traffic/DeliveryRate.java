package io.onebox.simulator.traffic;

/// Counts what a sender delivered, and measures the rate from segment to segment.
///
/// Source: draft-cheng-iccrg-delivery-rate-estimation-02, without application limits: our senders
/// always have something to send.
final class DeliveryRate {

    private long delivered;
    private long deliveredNs;
    private long firstSentNs;

    private long newestPriorDelivered;
    private long newestPriorDeliveredNs;
    private long sendIntervalNs;

    long delivered() {
        return delivered;
    }

    long deliveredNs() {
        return deliveredNs;
    }

    long firstSentNs() {
        return firstSentNs;
    }

    /// Starts anew when nothing is in flight.
    void onSentIntoSilence(long nowNs) {
        deliveredNs = nowNs;
        firstSentNs = nowNs;
    }

    /// Begins a sample.
    void startSample() {
        newestPriorDelivered = AckSample.NONE;
    }

    /// Counts a delivered segment. Before the scoreboard forgets it.
    void onDelivered(Scoreboard board, long segment, long nowNs) {
        delivered++;
        deliveredNs = nowNs;
        if (board.priorDelivered(segment) >= newestPriorDelivered) {
            newestPriorDelivered = board.priorDelivered(segment);
            newestPriorDeliveredNs = board.priorDeliveredNs(segment);
            firstSentNs = board.sentNs(segment);
            sendIntervalNs = firstSentNs - board.priorFirstSentNs(segment);
        }
    }

    /// Ends a sample.
    void finishSample(AckSample sample, long nowNs) {
        sample.delivered = delivered;
        sample.priorDelivered = newestPriorDelivered;
        sample.intervalNs = AckSample.NONE;
        if (newestPriorDelivered != AckSample.NONE) {
            long intervalNs = Math.max(sendIntervalNs, nowNs - newestPriorDeliveredNs);
            if (intervalNs > 0 && intervalNs >= sample.minRttNs) {
                sample.intervalNs = intervalNs;
                sample.rateDelivered = delivered - newestPriorDelivered;
            }
        }
    }
}
