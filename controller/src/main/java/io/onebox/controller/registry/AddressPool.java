package io.onebox.controller.registry;

import io.onebox.shared.config.Prefix;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Hands out addresses of the tunnel's networks: the lowest number that is free in all of them, so that an agent is
/// `.7` and `::7`. Number 0 is the network, and the last is IPv4's broadcast.
final class AddressPool {

    private final List<Prefix> networks;

    AddressPool(List<Prefix> networks) {
        this.networks = List.copyOf(networks);
    }

    /// An address in each network, with the length of the network.
    ///
    /// @throws FleetRefusal if a network is full
    List<Prefix> free(Collection<Node> nodes) {
        Set<InetAddress> taken = new HashSet<>();
        nodes.forEach(node -> node.addresses().forEach(address -> taken.add(address.address())));
        for (long number = 1; number < capacity(); number++) {
            List<Prefix> candidate = addresses(number);
            if (candidate.stream().noneMatch(address -> taken.contains(address.address()))) {
                return candidate;
            }
        }
        throw new FleetRefusal(FleetRefusal.Code.NO_ADDRESS, "every address of " + networks + " is taken");
    }

    /// How many numbers the smallest network has, its broadcast address aside.
    private long capacity() {
        int bits = networks.stream().mapToInt(AddressPool::hostBits).min().orElse(0);
        return (1L << Math.min(bits, Integer.SIZE)) - 1;
    }

    private List<Prefix> addresses(long number) {
        List<Prefix> addresses = new ArrayList<>();
        for (Prefix network : networks) {
            byte[] first = network.address().getAddress();
            byte[] sum =
                    new BigInteger(1, first).add(BigInteger.valueOf(number)).toByteArray();
            var bytes = new byte[first.length];
            int length = Math.min(sum.length, bytes.length);
            System.arraycopy(sum, sum.length - length, bytes, bytes.length - length, length);
            addresses.add(new Prefix(address(bytes), network.bits()));
        }
        return addresses;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    private static int hostBits(Prefix network) {
        return (network.isIpv4() ? Integer.SIZE : 2 * Long.SIZE) - network.bits();
    }
}
