package io.onebox.agent.linux;

import java.net.InetAddress;

/// The two families of IP.
public enum IpFamily {
    IPV4(Libc.AF_INET, "0.0.0.0"),
    IPV6(Libc.AF_INET6, "::");

    private final int number;
    private final InetAddress unspecified;

    IpFamily(int number, String unspecified) {
        this.number = number;
        this.unspecified = InetAddress.ofLiteral(unspecified);
    }

    /// `AF_INET` or `AF_INET6`.
    int number() {
        return number;
    }

    /// `0.0.0.0` or `::`.
    public InetAddress unspecified() {
        return unspecified;
    }
}
