package io.onebox.engine.noise;

import org.jspecify.annotations.Nullable;

/// The keypairs of one path, as one follows another without losing what is on its way.
///
/// ```
///                 responder's keypair          first message under it
///   handshake ----------------------> next ---------------------------+
///       |                                                             v
///       +---------------------------------------------------------> current ----> previous
///                 initiator's keypair                                     replaced
/// ```
///
/// A responder may not use its keypair before the initiator has: the response may be lost.
///
/// Source: WireGuard whitepaper, sections 5.1 and 6.
public final class Keypairs {

    /// Told of each keypair that is gone, before its keys are erased.
    @FunctionalInterface
    public interface Evicted {
        /// Forget the local index of `keypair`.
        void on(Keypair keypair);
    }

    private @Nullable Keypair previous;
    private @Nullable Keypair current;
    private @Nullable Keypair next;

    /// Opens what was sealed before the last change of keys.
    public @Nullable Keypair previous() {
        return previous;
    }

    /// Seals, and opens.
    public @Nullable Keypair current() {
        return current;
    }

    /// Opens; waits for the initiator to use it.
    public @Nullable Keypair next() {
        return next;
    }

    /// Takes the keypair of a handshake we began. It is used at once: the peer has it already. Of two
    /// older ones the peer may use, the one we have been waiting for is kept.
    public void onInitiatorKeypair(Keypair fresh, Evicted evicted) {
        evict(previous, evicted);
        if (next != null) {
            evict(current, evicted);
            previous = next;
            next = null;
        } else {
            previous = current;
        }
        current = fresh;
    }

    /// Takes the keypair of a handshake the peer began.
    public void onResponderKeypair(Keypair fresh, Evicted evicted) {
        evict(next, evicted);
        evict(previous, evicted);
        previous = null;
        next = fresh;
    }

    /// Notes that an authentic message came under `used`. Returns whether that made it the current one.
    public boolean onAuthenticated(Keypair used, Evicted evicted) {
        if (used != next) {
            return false;
        }
        evict(previous, evicted);
        previous = current;
        current = next;
        next = null;
        return true;
    }

    /// Gives up all keypairs.
    public void clear(Evicted evicted) {
        evict(previous, evicted);
        evict(current, evicted);
        evict(next, evicted);
        previous = null;
        current = null;
        next = null;
    }

    private static void evict(@Nullable Keypair keypair, Evicted evicted) {
        if (keypair != null) {
            evicted.on(keypair);
            keypair.close();
        }
    }
}
