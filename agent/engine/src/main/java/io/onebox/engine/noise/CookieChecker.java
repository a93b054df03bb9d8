package io.onebox.engine.noise;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.wire.CookieReplyFlyweight;
import io.onebox.engine.wire.HandshakeInitiationFlyweight;
import io.onebox.engine.wire.HandshakeResponseFlyweight;
import io.onebox.engine.wire.MacsFlyweight;
import io.onebox.engine.wire.MessageType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.random.RandomGenerator;

/// Checks the MACs of handshake messages before anything costly is done with them, and under load makes
/// senders prove that they receive what is sent to their address.
///
/// Keeps nothing per sender: a cookie is a MAC of the address under a secret of our own.
///
/// Source: WireGuard whitepaper, sections 5.3, 5.4.4 and 5.4.7.
public final class CookieChecker {

    /// How long a secret is used (whitepaper, section 5.4.7).
    private static final long SECRET_AGE_NS = 120_000_000_000L;

    private static final long NEVER = -1;
    private static final int SECRET_LENGTH = 32;
    private static final int ADDRESS_LENGTH = 2 * Long.BYTES + Short.BYTES;

    /// Where the sender index of both handshake messages is: behind the type.
    private static final int SENDER_INDEX_END = 2 * Integer.BYTES;

    private final MacKeys keys;
    private final RandomGenerator random;
    private final byte[] secret = new byte[SECRET_LENGTH];
    private final byte[] message = new byte[HandshakeInitiationFlyweight.LENGTH];
    private final byte[] claimed = new byte[MacsFlyweight.MAC_LENGTH];
    private final MacsFlyweight macs = new MacsFlyweight();
    private long secretNs = NEVER;

    /// @param local our static key
    /// @param random for secrets and nonces; a `SecureRandom` outside tests
    public CookieChecker(PublicKey local, RandomGenerator random) {
        this.keys = new MacKeys(local);
        this.random = random;
    }

    /// Whether the datagram is shaped like a handshake initiation or response, and was written by
    /// somebody who knows our public key.
    public boolean hasValidMac1(Packet datagram) {
        if (!isHandshake(datagram)) {
            return false;
        }
        int covered = read(datagram) - MacsFlyweight.LENGTH;
        macs.readMac1(claimed);
        return MessageDigest.isEqual(Blake2s.mac(keys.mac1(), message, covered), claimed);
    }

    /// Whether the sender has received a fresh cookie of ours at the address it sends from. Call
    /// [#hasValidMac1] first.
    public boolean hasValidMac2(Packet datagram, long nowNs) {
        if (!isHandshake(datagram) || !hasFreshSecret(nowNs)) {
            return false;
        }
        int covered = read(datagram) - MacsFlyweight.MAC_LENGTH;
        macs.readMac2(claimed);
        return MessageDigest.isEqual(Blake2s.mac(cookie(datagram), message, covered), claimed);
    }

    /// Writes the cookie for the sender of `datagram`, whose MAC1 is valid, to `out`, where its content
    /// starts. It is shorter than what it answers. Addresses are left to the caller.
    public void writeReply(Packet datagram, Packet out, long nowNs) {
        if (!hasFreshSecret(nowNs)) {
            random.nextBytes(secret);
            secretNs = nowNs;
        }
        var nonce = new byte[CookieReplyFlyweight.NONCE_LENGTH];
        random.nextBytes(nonce);
        read(datagram);
        macs.readMac1(claimed);
        int sender = Integer.reverseBytes(ByteBuffer.wrap(message).getInt(SENDER_INDEX_END - Integer.BYTES));
        byte[] sealed = SealedBox.sealCookie(keys.cookie(), nonce, cookie(datagram), claimed);

        out.length(CookieReplyFlyweight.LENGTH);
        new CookieReplyFlyweight()
                .wrap(out.segment(), out.offset())
                .start(sender)
                .nonce(nonce)
                .sealedCookie(sealed);
    }

    private boolean hasFreshSecret(long nowNs) {
        return secretNs != NEVER && nowNs - secretNs < SECRET_AGE_NS;
    }

    /// The cookie of an address: a MAC of it under our secret.
    private byte[] cookie(Packet datagram) {
        byte[] address = ByteBuffer.allocate(ADDRESS_LENGTH)
                .putLong(datagram.remoteHigh())
                .putLong(datagram.remoteLow())
                .putShort((short) datagram.remotePort())
                .array();
        return Blake2s.mac(secret, address, address.length);
    }

    /// Copies the datagram into `message`, points `macs` at its end, and returns its length.
    private int read(Packet datagram) {
        int length = datagram.length();
        MemorySegment.copy(datagram.segment(), ValueLayout.JAVA_BYTE, datagram.offset(), message, 0, length);
        macs.wrapEnd(datagram.segment(), datagram.offset(), length);
        return length;
    }

    private static boolean isHandshake(Packet datagram) {
        return switch (MessageType.of(datagram.segment(), datagram.offset(), datagram.length())) {
            case MessageType.INITIATION -> datagram.length() == HandshakeInitiationFlyweight.LENGTH;
            case MessageType.RESPONSE -> datagram.length() == HandshakeResponseFlyweight.LENGTH;
            default -> false;
        };
    }
}
