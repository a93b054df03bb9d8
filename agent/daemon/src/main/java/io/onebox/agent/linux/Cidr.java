package io.onebox.agent.linux;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// An address with a prefix length, as `ip` writes it: `10.77.0.2/24`. The host bits are kept, so it can stand
/// for the address of an interface and for the network around it.
///
/// @param address IPv4 or IPv6
/// @param bits `0..32` or `0..128`
public record Cidr(InetAddress address, int bits) {

    private static final int IPV6_BYTES = 16;
    private static final int NO_SCOPE = -1;

    public Cidr {
        if (bits < 0 || bits > width(address)) {
            throw new IllegalArgumentException("prefix length must be 0..%d, was %d".formatted(width(address), bits));
        }
    }

    /// Reads `10.77.0.2/32`, `fd77::2/128`, or an address alone, which then is all of the prefix.
    public static Cidr of(String text) {
        int slash = text.indexOf('/');
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        try {
            return new Cidr(address, slash < 0 ? width(address) : Integer.parseInt(text.substring(slash + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be an address/length such as 10.0.0.0/8, was '" + text + "'", e);
        }
    }

    /// The prefix of a single address.
    public static Cidr single(InetAddress address) {
        return new Cidr(address, width(address));
    }

    /// Everything of a family: `0.0.0.0/0` or `::/0`.
    public static Cidr everything(IpFamily family) {
        return new Cidr(family.unspecified(), 0);
    }

    /// The family of the address.
    public IpFamily family() {
        return address instanceof Inet4Address ? IpFamily.IPV4 : IpFamily.IPV6;
    }

    /// Whether this is everything of its family.
    public boolean isDefault() {
        return bits == 0;
    }

    /// The same prefix with all host bits zero.
    public Cidr network() {
        byte[] bytes = address.getAddress();
        for (int bit = bits; bit < bytes.length * Byte.SIZE; bit++) {
            bytes[bit / Byte.SIZE] &= (byte) ~(0x80 >> bit % Byte.SIZE);
        }
        return new Cidr(addressOf(bytes), bits);
    }

    /// Whether `other` lies in this prefix.
    public boolean contains(InetAddress other) {
        byte[] bytes = other.getAddress();
        return bytes.length * Byte.SIZE == width(address)
                && new Cidr(other, bits).network().address().equals(network().address());
    }

    /// As `ip` writes it.
    @Override
    public String toString() {
        return address.getHostAddress() + "/" + bits;
    }

    /// The address of 4 or 16 bytes. A mapped IPv4 address stays IPv6, as routes such as `::ffff:0:0/96` need it.
    static InetAddress addressOf(byte[] bytes) {
        try {
            return bytes.length == IPV6_BYTES
                    ? Inet6Address.getByAddress(null, bytes, NO_SCOPE)
                    : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an IP address: " + Arrays.toString(bytes), e);
        }
    }

    private static int width(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }
}
