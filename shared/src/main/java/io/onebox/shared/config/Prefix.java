package io.onebox.shared.config;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An IP address and a prefix length: `10.77.0.2/32`, `fd77::2/128`.
///
/// The address may have bits behind the prefix (an interface address) unless [#isNetwork].
///
/// @param bits `0..32` or `0..128`
public record Prefix(InetAddress address, int bits) {

    private static final Pattern FORM = Pattern.compile("([0-9A-Fa-f:.]+)/(\\d{1,3})");

    private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}");

    static final Rule<Prefix> ADDRESS =
            new Rule<>("an address with its prefix length, such as \"10.77.0.2/32\"", Prefix::parse);

    static final Rule<Prefix> NETWORK =
            new Rule<>("a prefix without bits behind its length, such as \"192.168.1.0/24\"", Prefix::network);

    /// Empty if `text` is not an address and its prefix length.
    public static Optional<Prefix> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int bits = Integer.parseInt(matcher.group(2));
        return address(matcher.group(1))
                .map(address -> new Prefix(address, bits))
                .filter(prefix -> bits <= prefix.maxBits());
    }

    /// Empty if `text` is not a network: an address without bits behind its prefix length.
    public static Optional<Prefix> network(String text) {
        return parse(text).filter(Prefix::isNetwork);
    }

    /// Reads an address without asking a name server; empty if `text` is not one. IPv4 needs all four
    /// numbers: `10.77.0` means 10.77.0.0 to some and 10.0.77.0 to others.
    public static Optional<InetAddress> address(String text) {
        if (!text.contains(":") && !DOTTED.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(text.contains(":") ? Inet6Address.ofLiteral(text) : Inet4Address.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// Whether all bits behind the prefix are zero.
    public boolean isNetwork() {
        byte[] bytes = address.getAddress();
        for (int bit = bits; bit < maxBits(); bit++) {
            if ((bytes[bit / Byte.SIZE] & (0x80 >> bit % Byte.SIZE)) != 0) {
                return false;
            }
        }
        return true;
    }

    /// Whether this is IPv4.
    public boolean isIpv4() {
        return address instanceof Inet4Address;
    }

    /// Whether `other` lies within this prefix's network.
    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] theirs = other.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            if (((mine[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & (0x80 >> bit % Byte.SIZE)) != 0) {
                return false;
            }
        }
        return true;
    }

    private int maxBits() {
        return isIpv4() ? Integer.SIZE : 2 * Long.SIZE;
    }

    @Override
    public String toString() {
        return IpText.of(address) + "/" + bits;
    }
}
