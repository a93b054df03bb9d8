package io.onebox.simulator.link;

/// How packets get lost behind the queue: independently, or in bursts.
///
/// Source: the chain of Gilbert (1960) and Elliott (1963): a good and a bad state, entered per packet.
///
/// @param goodToBad probability of entering the bad state, per packet
/// @param badToGood probability of leaving it, per packet
/// @param inGood probability of loss in the good state
/// @param inBad probability of loss in the bad state
public record Loss(double goodToBad, double badToGood, double inGood, double inBad) {

    /// Nothing is lost.
    public static final Loss NONE = independent(0);

    public Loss {
        Probability.check(goodToBad);
        Probability.check(badToGood);
        Probability.check(inGood);
        Probability.check(inBad);
    }

    /// Each packet is lost with the same probability.
    public static Loss independent(double probability) {
        return new Loss(0, 1, probability, probability);
    }

    /// Losses come in bursts.
    ///
    /// @param average share of packets lost in the long run, below 1
    /// @param burstPackets mean length of a burst
    public static Loss bursts(double average, double burstPackets) {
        double badToGood = 1 / burstPackets;
        return new Loss(Math.min(1, average * badToGood / (1 - average)), badToGood, 0, 1);
    }
}
