package io.onebox.engine.noise;

import io.onebox.engine.packet.Endpoint;

/// How many handshakes we are willing to compute: for everybody together, above which senders must show
/// a cookie, and for each source that has shown one.
///
/// Bounded memory, no allocation. Each bucket is one instant: when it will be full again.
public final class HandshakeLimit {

    private static final long SECOND_NS = 1_000_000_000;

    /// Handshakes a second, and at once, that are no load: 4 % of a core, as answering one costs 0.3 ms
    /// (measured 2026-11-23 on a virtual machine of two cores). A guess.
    private static final int LOAD_PER_SECOND = 128;

    /// Load lasts this long after the last handshake too many (wireguard-go's `UnderLoadAfterTime`).
    private static final long LOAD_LASTS_NS = SECOND_NS;

    /// Handshakes a second from one source, and at once (wireguard-go's `ratelimiter`).
    private static final int SOURCE_PER_SECOND = 20;

    private static final int SOURCE_BURST = 5;

    /// Sources remembered, in sets of [#WAYS]. A source that is forgotten gets a full bucket, so
    /// crowding the table only ever forgives. Sizes are guesses.
    private static final int SETS = 1024;

    private static final int WAYS = 4;

    /// Fibonacci hashing: 2^64 divided by the golden ratio, and the upper bits of the product (Knuth,
    /// TAOCP 3, section 6.4).
    private static final long MIX = 0x9e3779b97f4a7c15L;

    private static final int MIX_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SETS);

    private final long[] sources = new long[SETS * WAYS];
    private final long[] fullNs = new long[SETS * WAYS];
    private long loadFullNs;
    private long loadUntilNs;

    /// Notes a handshake message with a valid MAC1.
    public void onHandshake(long nowNs) {
        long costNs = SECOND_NS / LOAD_PER_SECOND;
        if (!hasRoom(loadFullNs, costNs * LOAD_PER_SECOND, costNs, nowNs)) {
            loadUntilNs = nowNs + LOAD_LASTS_NS;
            return;
        }
        loadFullNs = Math.max(loadFullNs, nowNs) + costNs;
    }

    /// Whether there are more handshakes than we compute for anybody who asks.
    public boolean underLoad(long nowNs) {
        return nowNs < loadUntilNs;
    }

    /// Whether the source, an IPv4 address or an IPv6 network of 64 bits, may have another handshake;
    /// if so, it counts.
    public boolean allows(long high, long low, long nowNs) {
        long costNs = SECOND_NS / SOURCE_PER_SECOND;
        long source = Endpoint.isIpv4(high, low) ? low : high;
        int slot = slotOf(source);
        if (sources[slot] != source) {
            sources[slot] = source;
            fullNs[slot] = 0;
        }
        if (!hasRoom(fullNs[slot], costNs * SOURCE_BURST, costNs, nowNs)) {
            return false;
        }
        fullNs[slot] = Math.max(fullNs[slot], nowNs) + costNs;
        return true;
    }

    /// Whether a bucket of `depthNs` that is full again at `fullNs` holds another `costNs`.
    private static boolean hasRoom(long fullNs, long depthNs, long costNs, long nowNs) {
        return Math.max(fullNs, nowNs) + costNs - nowNs <= depthNs;
    }

    /// Where the source is, or else whom in its set to forget: the one whose bucket is fullest.
    private int slotOf(long source) {
        int set = (int) ((source * MIX) >>> MIX_SHIFT);
        int first = set * WAYS;
        int fullest = first;
        for (int slot = first; slot < first + WAYS; slot++) {
            if (sources[slot] == source) {
                return slot;
            }
            if (fullNs[slot] < fullNs[fullest]) {
                fullest = slot;
            }
        }
        return fullest;
    }
}
