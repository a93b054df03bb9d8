package io.onebox.engine.packet;

/// An IP prefix such as `10.77.0.2/32`. IPv4 is mapped into IPv6, so its lengths are `96..128` here.
///
/// @param high high half of the first address
/// @param low low half of the first address
/// @param bits leading bits that must match, `0..128`
public record IpPrefix(long high, long low, int bits) {

    /// Bits in front of a mapped IPv4 address.
    public static final int IPV4_MAPPED_BITS = 96;

    public IpPrefix {
        if (bits < 0 || bits > 128) {
            throw new IllegalArgumentException("prefix length must be 0..128, was " + bits);
        }
        high &= highMask(bits);
        low &= lowMask(bits);
    }

    /// An IPv4 prefix.
    ///
    /// @param bits `0..32`
    public static IpPrefix ofIpv4(int address, int bits) {
        if (bits < 0 || bits > Integer.SIZE) {
            throw new IllegalArgumentException("prefix length of IPv4 must be 0..32, was " + bits);
        }
        return new IpPrefix(0, Endpoint.mapped(address), IPV4_MAPPED_BITS + bits);
    }

    /// Whether the address given by its halves lies in this prefix.
    public boolean contains(long addressHigh, long addressLow) {
        return (addressHigh & highMask(bits)) == high && (addressLow & lowMask(bits)) == low;
    }

    private static long highMask(int bits) {
        return bits == 0 ? 0 : bits >= Long.SIZE ? -1 : -1L << (Long.SIZE - bits);
    }

    private static long lowMask(int bits) {
        return bits <= Long.SIZE ? 0 : -1L << (2 * Long.SIZE - bits);
    }
}
