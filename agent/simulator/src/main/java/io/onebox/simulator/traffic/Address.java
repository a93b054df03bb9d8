package io.onebox.simulator.traffic;

import io.onebox.engine.packet.Endpoint;

/// An inner IP address. IPv4 is mapped into IPv6.
///
/// @param high high half
/// @param low low half
public record Address(long high, long low) {

    /// An IPv4 address given by its 32 bits.
    public static Address ofIpv4(int address) {
        return new Address(0, Endpoint.mapped(address));
    }

    /// Whether this is an IPv4 address.
    public boolean isIpv4() {
        return Endpoint.isIpv4(high, low);
    }
}
