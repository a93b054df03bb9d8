package io.onebox.engine.noise;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What both sides of a handshake compute alike: the chaining key `C`, which collects secrets, and the
/// hash `H`, which collects everything said.
///
/// Source: WireGuard whitepaper, sections 5.4.1 to 5.4.5.
final class HandshakeState {

    private static final byte[] CONSTRUCTION = "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s".getBytes(US_ASCII);
    private static final byte[] IDENTIFIER = "WireGuard v1 zx2c4 Jason@zx2c4.com".getBytes(US_ASCII);
    private static final byte[] NOTHING = {};

    /// Each key of the handshake seals one field, so its counter is always 0.
    private static final byte[] NONCE = new byte[12];

    private final byte[] chainKey;
    private final byte[] hash;

    private HandshakeState(byte[] chainKey, byte[] hash) {
        this.chainKey = chainKey;
        this.hash = hash;
    }

    /// The state before the first message to `responder`.
    static HandshakeState towards(PublicKey responder) {
        var chainKey = new byte[Blake2s.HASH_LENGTH];
        Blake2s.hash(CONSTRUCTION, NOTHING, chainKey);
        var state = new HandshakeState(chainKey, chainKey.clone());
        state.mixHash(IDENTIFIER);
        state.mixHash(responder.bytes());
        return state;
    }

    /// The same state, to be tried without changing this one.
    HandshakeState copy() {
        return new HandshakeState(chainKey.clone(), hash.clone());
    }

    /// Goes back to `earlier`, a [#copy] of this state.
    void become(HandshakeState earlier) {
        System.arraycopy(earlier.chainKey, 0, chainKey, 0, chainKey.length);
        System.arraycopy(earlier.hash, 0, hash, 0, hash.length);
        earlier.erase();
    }

    void mixHash(byte[] said) {
        Blake2s.hash(hash, said, hash);
    }

    /// Takes in an ephemeral public key, ours or the peer's.
    void mixEphemeral(byte[] ephemeral) {
        Hkdf.derive(chainKey, ephemeral, chainKey);
        mixHash(ephemeral);
    }

    /// Takes in a shared secret that yields no key by itself.
    void mixSecret(byte[] secret) {
        Hkdf.derive(chainKey, secret, chainKey);
    }

    /// Takes in a shared secret, and seals `plain` under the key it yields.
    byte[] mixSecretAndSeal(byte[] secret, byte[] plain) {
        var key = new byte[Aead.KEY_LENGTH];
        Hkdf.derive(chainKey, secret, chainKey, key);
        return sealUnder(key, plain);
    }

    /// Takes in a shared secret, and opens `sealed` with the key it yields. Returns `null` if the text
    /// is not authentic; the state is useless then.
    byte @Nullable [] mixSecretAndOpen(byte[] secret, byte[] sealed) {
        var key = new byte[Aead.KEY_LENGTH];
        Hkdf.derive(chainKey, secret, chainKey, key);
        return openUnder(key, sealed);
    }

    /// Takes in the preshared key, and seals nothing under the key it yields.
    byte[] mixPresharedAndSeal(PresharedKey psk) {
        return sealUnder(mixPreshared(psk), NOTHING);
    }

    /// Takes in the preshared key, and tells whether `sealed` is authentic under the key it yields; if
    /// not, the state is useless.
    boolean mixPresharedAndOpen(PresharedKey psk, byte[] sealed) {
        return openUnder(mixPreshared(psk), sealed) != null;
    }

    /// Makes the transport keys: the first for what the initiator sends, the second for what it
    /// receives. Takes copies of neither: the caller erases them.
    void split(byte[] fromInitiator, byte[] fromResponder) {
        Hkdf.derive(chainKey, NOTHING, fromInitiator, fromResponder);
    }

    /// Forgets all secrets.
    void erase() {
        Arrays.fill(chainKey, (byte) 0);
        Arrays.fill(hash, (byte) 0);
    }

    private byte[] mixPreshared(PresharedKey psk) {
        var said = new byte[Blake2s.HASH_LENGTH];
        var key = new byte[Aead.KEY_LENGTH];
        Hkdf.derive(chainKey, psk.bytes(), chainKey, said, key);
        mixHash(said);
        Arrays.fill(said, (byte) 0);
        return key;
    }

    private byte[] sealUnder(byte[] key, byte[] plain) {
        byte[] sealed = SealedBox.seal(key, NONCE, plain, hash);
        Arrays.fill(key, (byte) 0);
        mixHash(sealed);
        return sealed;
    }

    private byte @Nullable [] openUnder(byte[] key, byte[] sealed) {
        byte[] plain = SealedBox.open(key, NONCE, sealed, hash);
        Arrays.fill(key, (byte) 0);
        mixHash(sealed);
        return plain;
    }
}
