package io.onebox.shared.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A host and a port: `vpn.example.net:51820`, `192.0.2.1:51820`, `[2001:db8::1]:51820`.
///
/// @param host name or address, without brackets
/// @param port `1..65535`
public record HostPort(String host, int port) {

    private static final Pattern FORM = Pattern.compile(
            "(?:\\[([0-9A-Fa-f:.]+(?:%[\\w.-]+)?)]|([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9.])?)):(\\d{1,5})");

    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}|::1|localhost");

    private static final int MAX_PORT = 0xffff;

    static final Rule<HostPort> RULE =
            new Rule<>("host:port or [IPv6]:port, such as \"vpn.example.net:51820\"", HostPort::parse);

    /// Empty if `text` does not have the form, or the port is not `1..65535`.
    public static Optional<HostPort> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String v6 = matcher.group(1);
        if (v6 != null && !v6.contains(":")) {
            return Optional.empty();
        }
        int port = Integer.parseInt(matcher.group(3));
        return Optional.of(new HostPort(v6 != null ? v6 : matcher.group(2), port))
                .filter(_ -> port >= 1 && port <= MAX_PORT);
    }

    /// Whether it is an address of the loopback interface, or its name.
    boolean isLoopback() {
        return LOOPBACK.matcher(host).matches();
    }

    /// Whether it is an address of every host, such as `0.0.0.0`.
    boolean isWildcard() {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    /// Whether one socket that listens here takes the port of one that listens there.
    boolean collides(HostPort other) {
        return port == other.port && (host.equals(other.host) || isWildcard() || other.isWildcard());
    }

    @Override
    public String toString() {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
}
