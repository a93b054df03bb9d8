package io.onebox.engine.session;

import io.onebox.engine.packet.IpFlyweight;

/// Explicit congestion notification through the tunnel: a datagram says of congestion what the packet inside says, and
/// what a router on its way adds goes on inside.
///
/// ```
///                  outer field on arrival
///   inner      Not-ECT   ECT(0)    ECT(1)    CE
///   Not-ECT    Not-ECT   Not-ECT   Not-ECT   drop
///   ECT(0)     ECT(0)    ECT(0)    ECT(1)    CE
///   ECT(1)     ECT(1)    ECT(1)    ECT(1)    CE
///   CE         CE        CE        CE        CE
/// ```
///
/// Source: RFC 6040, section 4.1 (normal mode) and 4.2.
final class TunnelEcn {

    private TunnelEcn() {}

    /// Lets an inner packet say what its datagram said.
    ///
    /// @param inner over the inner packet
    /// @param outer the field of its datagram
    /// @return whether it goes on; else the mark was a router's only way to say what a drop says
    static boolean takeOver(IpFlyweight inner, int outer) {
        int ecn = inner.ecn();
        if (outer == IpFlyweight.CE) {
            if (ecn == IpFlyweight.NOT_ECT) {
                return false;
            }
            inner.ecn(IpFlyweight.CE);
        } else if (outer == IpFlyweight.ECT_1 && ecn == IpFlyweight.ECT_0) {
            inner.ecn(IpFlyweight.ECT_1);
        }
        return true;
    }
}
