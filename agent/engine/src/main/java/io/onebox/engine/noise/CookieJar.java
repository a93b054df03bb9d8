package io.onebox.engine.noise;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.wire.CookieReplyFlyweight;
import io.onebox.engine.wire.MacsFlyweight;
import io.onebox.engine.wire.MessageType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Puts the MACs on our handshake messages over one path, and keeps the cookie the peer gave us for it.
///
/// Source: WireGuard whitepaper, sections 5.4.4 and 5.4.7.
public final class CookieJar {

    /// How long a cookie is good for: the peer's secret changes as often (whitepaper, section 5.4.7).
    private static final long COOKIE_AGE_NS = 120_000_000_000L;

    private static final long NEVER = -1;

    private final MacKeys keys;
    private final byte[] lastMac1 = new byte[MacsFlyweight.MAC_LENGTH];
    private final byte[] none = new byte[MacsFlyweight.MAC_LENGTH];
    private final MacsFlyweight macs = new MacsFlyweight();

    private boolean awaitsReply;
    private byte[] cookie = none;
    private long cookieNs = NEVER;

    /// @param peer to whom the messages go
    public CookieJar(PublicKey peer) {
        this.keys = new MacKeys(peer);
    }

    /// Writes both MACs of a handshake initiation or response; MAC2 is zero without a fresh cookie.
    public void sign(Packet message, long nowNs) {
        int length = message.length();
        byte[] bytes = new byte[length];
        MemorySegment.copy(message.segment(), ValueLayout.JAVA_BYTE, message.offset(), bytes, 0, length);
        byte[] mac1 = Blake2s.mac(keys.mac1(), bytes, length - MacsFlyweight.LENGTH);
        macs.wrapEnd(message.segment(), message.offset(), length).mac1(mac1).mac2(none);
        System.arraycopy(mac1, 0, lastMac1, 0, mac1.length);
        awaitsReply = true;
        if (cookieNs == NEVER || nowNs - cookieNs >= COOKIE_AGE_NS) {
            return;
        }
        System.arraycopy(mac1, 0, bytes, length - MacsFlyweight.LENGTH, mac1.length);
        macs.mac2(Blake2s.mac(cookie, bytes, length - MacsFlyweight.MAC_LENGTH));
    }

    /// Takes a datagram that may be the answer to the message signed last, and keeps its cookie for the
    /// next. A reply is taken once; nothing changes if it is not authentic. That its receiver index is
    /// ours is for the caller to check.
    public boolean onCookieReply(Packet reply, long nowNs) {
        if (!awaitsReply || reply.length() != CookieReplyFlyweight.LENGTH) {
            return false;
        }
        CookieReplyFlyweight message = new CookieReplyFlyweight().wrap(reply.segment(), reply.offset());
        if (message.type() != MessageType.COOKIE_REPLY) {
            return false;
        }
        var nonce = new byte[CookieReplyFlyweight.NONCE_LENGTH];
        var sealed = new byte[CookieReplyFlyweight.COOKIE_LENGTH];
        message.readNonce(nonce);
        message.readCookie(sealed);
        byte[] opened = SealedBox.openCookie(keys.cookie(), nonce, sealed, lastMac1);
        if (opened == null) {
            return false;
        }
        awaitsReply = false;
        cookie = opened;
        cookieNs = nowNs;
        return true;
    }
}
