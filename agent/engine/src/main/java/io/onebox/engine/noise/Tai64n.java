package io.onebox.engine.noise;

import java.nio.ByteBuffer;

/// The instant an initiation was written, as a TAI64N label: it proves that an initiation is not a
/// replay, and says which path it is for.
///
/// ```
///   seconds (64)                              nanoseconds (32)
///   +---------------------------------------+----------+--------------------+------------+
///   |      2^62 + 10 + seconds since 1970   | coarse 8 |     marker 16      |  path id 8 |
///   +---------------------------------------+----------+--------------------+------------+
/// ```
///
/// Both numbers are big endian, so labels compare like unsigned bytes. Stock WireGuard rounds the
/// nanoseconds down to multiples of 2^24, so that clocks leak less; the marker stands in the bits that
/// are free then. An old implementation that does not round hits the marker by chance, once in 65,536.
///
/// Source: WireGuard whitepaper, section 5.1; D. J. Bernstein, "TAI64, TAI64N, and TAI64NA".
///
/// @param seconds the label, unsigned
/// @param nanos nanoseconds, unsigned; anything may come from a peer
public record Tai64n(long seconds, int nanos) implements Comparable<Tai64n> {

    /// Bytes of a label.
    public static final int LENGTH = Long.BYTES + Integer.BYTES;

    /// What [#pathId] returns for a label without a path.
    public static final int NO_PATH = -1;

    /// TAI was 10 seconds ahead of UTC in 1970; leap seconds since then are ignored, as in WireGuard.
    private static final long SECONDS_OF_1970 = (1L << 62) + 10;

    private static final long SECOND_NS = 1_000_000_000;

    /// Lower bits of the nanoseconds that tell no time (WireGuard's `whitenerMask`).
    private static final int FINE_BITS = 24;

    private static final int FINE_MASK = (1 << FINE_BITS) - 1;

    /// Coarse steps in a second.
    private static final int STEPS = (int) (SECOND_NS >> FINE_BITS) + 1;

    /// Says "this label names a path": `ob` in ASCII. With it, the nanoseconds stay below a second.
    private static final int MARKER = 0x6f62;

    /// The label of a onebox path.
    ///
    /// @param wallClockNs nanoseconds since 1970
    /// @param pathId `0..255`
    public static Tai64n at(long wallClockNs, int pathId) {
        if (pathId < 0 || pathId > 0xff) {
            throw new IllegalArgumentException("a path id is 0..255, was " + pathId);
        }
        Tai64n plain = plain(wallClockNs);
        return new Tai64n(plain.seconds, plain.nanos | (MARKER << Byte.SIZE) | pathId);
    }

    /// The label of a plain WireGuard peer.
    ///
    /// @param wallClockNs nanoseconds since 1970
    public static Tai64n plain(long wallClockNs) {
        int nanos = (int) Math.floorMod(wallClockNs, SECOND_NS);
        return new Tai64n(SECONDS_OF_1970 + Math.floorDiv(wallClockNs, SECOND_NS), nanos & ~FINE_MASK);
    }

    /// Reads a label.
    public static Tai64n decode(byte[] bytes, int offset) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, LENGTH);
        return new Tai64n(buffer.getLong(), buffer.getInt());
    }

    /// The label as it is sent.
    public byte[] encode() {
        return ByteBuffer.allocate(LENGTH).putLong(seconds).putInt(nanos).array();
    }

    /// The path this label names, or [#NO_PATH].
    public int pathId() {
        return (nanos & FINE_MASK) >> Byte.SIZE == MARKER ? nanos & 0xff : NO_PATH;
    }

    /// This label, or the least one with its lower bits that is greater than `other`.
    ///
    /// So the labels of a path increase strictly, whatever the clock does and however often it is asked.
    public Tai64n after(Tai64n other) {
        if (compareTo(other) > 0) {
            return this;
        }
        int fine = nanos & FINE_MASK;
        int step = (other.nanos >>> FINE_BITS) + 1;
        return step < STEPS
                ? new Tai64n(other.seconds, (step << FINE_BITS) | fine)
                : new Tai64n(other.seconds + 1, fine);
    }

    @Override
    public int compareTo(Tai64n other) {
        int bySeconds = Long.compareUnsigned(seconds, other.seconds);
        return bySeconds != 0 ? bySeconds : Integer.compareUnsigned(nanos, other.nanos);
    }
}
