package io.onebox.engine.wire;

/// What two sessions say to each other about themselves, except acknowledgements. Control frames
/// travel sealed inside transport messages, are rare, and are therefore plain immutable values.
public sealed interface ControlFrame {

    /// Introduces a session. Sent on each path until answered by one.
    ///
    /// @param version of the protocol inside the messages
    /// @param epoch random number of the sender's life; another one means it was restarted
    /// @param features bits for what the sender can do beyond version 1
    /// @param receiveBufferBytes what the sender's reorder buffer holds
    /// @param isAnswer whether it answers another HELLO, and wants no answer itself
    record Hello(int version, long epoch, int features, int receiveBufferBytes, boolean isAnswer)
            implements ControlFrame {

        /// Feature: takes inner packets with [DataFlyweight#PARTIAL_CHECKSUM].
        public static final int FINISHES_CHECKSUMS = 1;
    }

    /// Asks for a sign of life, or just gives one.
    ///
    /// @param probeId echoed by the answer
    /// @param sendTime sender's clock, see [SendTime]
    /// @param nextSequence data sequence number the sender will use next: what is below was sent
    /// @param wantsReply whether to answer
    /// @param isBonded whether the sender spreads bulk packets over this path
    /// @param padding bytes of zeros behind it, for the search of the MTU
    record Probe(int probeId, int sendTime, int nextSequence, boolean wantsReply, boolean isBonded, int padding)
            implements ControlFrame {}

    /// Answers a [Probe].
    ///
    /// @param sendTime the answerer's clock, see [SendTime]
    /// @param heldUs time between receipt of the probe and this answer (RFC 9002, section 5.3)
    /// @param oneWayUs one-way delay of the probe, plus the distance of the clocks
    /// @param receivedBytes length of the message that carried the probe, for the search of the MTU
    record ProbeReply(int probeId, int sendTime, int heldUs, int oneWayUs, int receivedBytes) implements ControlFrame {}

    /// Tells how the sender wants a path used. Sent until answered.
    ///
    /// @param revision counts the changes of the sender
    /// @param isAnswer whether it only confirms `revision`; the other fields are then void
    /// @param mode ordinal of `BondingMode`: how the sender wants all paths used
    /// @param role ordinal of `LinkRole`
    /// @param metered whether every byte costs
    /// @param paused whether the path must carry no data
    /// @param rateLimit bytes per second the receiver of this frame may send, 0 for no limit
    record PathUse(int revision, boolean isAnswer, int mode, int role, boolean metered, boolean paused, long rateLimit)
            implements ControlFrame {

        /// The confirmation of `revision`.
        public static PathUse answer(int revision) {
            return new PathUse(revision, true, 0, 0, false, false, 0);
        }
    }

    /// Tells what the sender believes the path carries towards the receiver, who cannot measure it.
    ///
    /// @param bytesPerSecond more than 0
    record Capacity(long bytesPerSecond) implements ControlFrame {}

    /// Ends the session, or one path of it; nothing is sent afterwards.
    record Close(boolean wholeSession, CloseReason reason) implements ControlFrame {}

    /// Why something ended, with its code on the wire.
    enum CloseReason {
        SHUTDOWN,
        LINK_REMOVED,
        REVOKED
    }
}
