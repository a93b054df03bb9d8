package io.onebox.engine.session;

import io.onebox.engine.wire.ControlFrame.Hello;

/// What we know of the peer's present life: whether it speaks onebox or only WireGuard, and which life of
/// it this is.
final class PeerLife {

    private boolean known;
    private long epoch;
    private int features;

    /// Whether it said HELLO in this life.
    boolean isKnown() {
        return known;
    }

    /// Takes in a HELLO.
    ///
    /// @return whether it comes from a life we did not know
    boolean onHello(Hello hello) {
        boolean fresh = !known || hello.epoch() != epoch;
        known = true;
        epoch = hello.epoch();
        features = hello.features();
        return fresh;
    }

    /// Whether the peer takes packets with partial checksums.
    boolean finishesChecksums() {
        return known && (features & Hello.FINISHES_CHECKSUMS) != 0;
    }

    /// The peer's life ended, or may have.
    void forget() {
        known = false;
    }
}
