package io.onebox.engine.packet;

/// An IP address and UDP port. IPv4 addresses are mapped into IPv6 (RFC 4291, section 2.5.5.2).
///
/// @param high high half of the address
/// @param low low half of the address
/// @param port `0..65535`
public record Endpoint(long high, long low, int port) {

    /// Bits 32..47 of the low half of a mapped IPv4 address.
    private static final long MAPPED = 0xffffL << Integer.SIZE;

    public Endpoint {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port must be 0..65535, was " + port);
        }
    }

    /// An IPv4 endpoint.
    ///
    /// @param address the 32 bits of the address
    public static Endpoint ofIpv4(int address, int port) {
        return new Endpoint(0, mapped(address), port);
    }

    /// The low half of the mapped form of an IPv4 address; its high half is 0.
    public static long mapped(int address) {
        return MAPPED | Integer.toUnsignedLong(address);
    }

    /// Whether an address given by its halves is IPv4.
    public static boolean isIpv4(long high, long low) {
        return high == 0 && low >>> Integer.SIZE == 0xffff;
    }

    /// Whether this is an IPv4 endpoint.
    public boolean isIpv4() {
        return isIpv4(high, low);
    }
}
