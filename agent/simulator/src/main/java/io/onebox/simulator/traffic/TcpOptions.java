package io.onebox.simulator.traffic;

import java.util.function.Supplier;

/// How the ends of a TCP flow are set up.
///
/// @param control makes the congestion control of a sender
/// @param windowBytes largest receive window
/// @param ecn whether packets may be marked instead of dropped
/// @param ipv6 whether the flow uses IPv6
public record TcpOptions(Supplier<CongestionControl> control, long windowBytes, boolean ecn, boolean ipv6) {

    /// Half of Linux's largest receive buffer (tcp_rmem, 6 MiB).
    private static final long WINDOW_BYTES = 3 << 20;

    /// A flow with Cubic.
    public static final TcpOptions CUBIC = new TcpOptions(Cubic::new, WINDOW_BYTES, false, false);

    /// A flow with BBR.
    public static final TcpOptions BBR = new TcpOptions(Bbr::new, WINDOW_BYTES, false, false);

    /// The same with marks.
    public TcpOptions withEcn() {
        return new TcpOptions(control, windowBytes, true, ipv6);
    }

    /// The same over IPv6.
    public TcpOptions withIpv6() {
        return new TcpOptions(control, windowBytes, ecn, true);
    }
}
