package io.onebox.agent.route;

import io.onebox.agent.linux.Cidr;
import io.onebox.agent.linux.IpFamily;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.linux.RtNetlink;
import io.onebox.agent.linux.RtNetlinkEntry.NetAddress;
import io.onebox.agent.linux.RtNetlinkEntry.NetInterface;
import io.onebox.agent.linux.RtNetlinkEntry.NetRoute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// The host's network as one agent sees it: prepares it for the tunnel, and leaves it as it was.
///
/// Calls take milliseconds and start processes: keep them off event loops. Thread safe.
public final class HostNetwork implements AutoCloseable {

    private final RtNetlink netlink;
    private final Sysctls sysctls;
    private final HostChanges changes;
    private final String tunnel;

    private OptionalInt slot = OptionalInt.empty();

    private HostNetwork(RtNetlink netlink, Sysctls sysctls, HostChanges changes, String tunnel) {
        this.netlink = netlink;
        this.sysctls = sysctls;
        this.changes = changes;
        this.tunnel = tunnel;
    }

    /// Takes charge of the host and undoes what an earlier process of this role and tunnel left behind. Call it
    /// before the TUN device is opened.
    ///
    /// @param stateDirectory where the journal of changes is kept
    /// @param role `client` or `server`
    /// @param tunnel name of the TUN device
    /// @throws HostException if that process still runs, or the journal cannot be kept
    public static HostNetwork open(Libc libc, Path stateDirectory, String role, String tunnel) {
        String file = "host-changes-%s-%s-%s".formatted(role, tunnel, namespace());
        var netlink = new RtNetlink(libc);
        try {
            Sysctls sysctls = Sysctls.ofThisMachine();
            var changes = new HostChanges(netlink, new Nft(), sysctls, new Journal(stateDirectory, file));
            changes.cleanUp();
            return new HostNetwork(netlink, sysctls, changes, tunnel);
        } catch (RuntimeException e) {
            netlink.close();
            throw e;
        }
    }

    /// Gives the TUN device its addresses and its MTU, and sets it up. Addresses it has and should not have are
    /// taken away. All of this vanishes with the device.
    ///
    /// @param mtuBytes at least 1280 if there is an IPv6 address
    public synchronized void tunnel(List<Cidr> addresses, int mtuBytes) {
        NetInterface device = device();
        quiet(addresses);
        netlink.mtu(device, mtuBytes);
        List<Cidr> present = netlink.addresses().stream()
                .filter(address -> address.interfaceIndex() == device.index() && address.isGlobal())
                .map(NetAddress::address)
                .toList();
        present.stream().filter(address -> !addresses.contains(address)).forEach(old -> netlink.remove(device, old));
        addresses.stream().filter(address -> !present.contains(address)).forEach(added -> netlink.add(device, added));
        netlink.up(device);
    }

    /// Changes the MTU of the TUN device.
    public synchronized void mtu(int mtuBytes) {
        netlink.mtu(device(), mtuBytes);
    }

    /// Makes the host as a client needs it. To be called again whenever a link appears or changes, or the
    /// configuration does; only the difference is changed. The TUN device must exist and be up.
    ///
    /// @param links names of the uplinks
    public synchronized void client(ClientRouting client, List<String> links) {
        var settings = new KernelSettings(changes::valueWithoutUs, sysctls.list("net/ipv6/conf"));
        List<String> filtered = new ArrayList<>(links);
        filtered.add(tunnel);
        List<HostChange> wanted = new ArrayList<>();
        if (!client.routes().isEmpty()) {
            wanted.addAll(settings.looseReversePath(filtered));
        }
        if (client.nat()) {
            wanted.addAll(settings.forwarding(tunnel));
        }
        wanted.add(Firewall.client(client, new LeakGuard(links, client.routes(), direct(links))));
        wanted.addAll(PolicyRoutes.plan(tunnel, client.routes(), slot()));
        changes.become(wanted);
    }

    /// Makes the host as a server needs it. To be called again whenever the configuration or a default route
    /// changes. The TUN device must exist and be up.
    public synchronized void server(ServerForwarding server) {
        var settings = new KernelSettings(changes::valueWithoutUs, sysctls.list("net/ipv6/conf"));
        List<HostChange> wanted = new ArrayList<>(settings.forwarding(tunnel));
        wanted.add(Firewall.server(server, outgoing(server)));
        List<Cidr> direct = netlink.addresses().stream()
                .filter(address -> address.interfaceIndex() == device().index())
                .map(NetAddress::address)
                .toList();
        server.clients().stream()
                .filter(client -> direct.stream().noneMatch(network -> covers(network, client)))
                .map(client -> new HostChange.Route(tunnel, RtNetlink.MAIN_TABLE, client))
                .forEach(wanted::add);
        changes.become(wanted);
    }

    /// Makes again what other programs have removed. Returns how many rules and routes that were; more than none
    /// means that packets may have left in the clear.
    public synchronized int repair() {
        return changes.repair();
    }

    /// Undoes every change, and keeps watch no longer over the host; [#client] and [#server] begin anew.
    public synchronized void undo() {
        changes.become(List.of());
    }

    /// Undoes every change.
    @Override
    public synchronized void close() {
        try {
            undo();
        } finally {
            netlink.close();
        }
    }

    private NetInterface device() {
        return netlink.findInterface(tunnel)
                .orElseThrow(
                        () -> new HostException("there is no interface " + tunnel + "; was the TUN device closed?"));
    }

    /// No link-local address, hence no router solicitations and no multicast reports into the tunnel; and IPv6 even
    /// where the host has it switched off for new interfaces.
    private void quiet(List<Cidr> addresses) {
        String settings = "net/ipv6/conf/" + tunnel;
        if (sysctls.read(settings + "/addr_gen_mode").isPresent()) {
            sysctls.write(settings + "/addr_gen_mode", "1");
        }
        boolean hasIpv6 = addresses.stream().anyMatch(address -> address.family() == IpFamily.IPV6);
        if (hasIpv6 && sysctls.number(settings + "/disable_ipv6") != 0) {
            sysctls.write(settings + "/disable_ipv6", "0");
        }
    }

    private int slot() {
        if (slot.isEmpty()) {
            slot = OptionalInt.of(PolicyRoutes.freeSlot(netlink.rules()));
        }
        return slot.getAsInt();
    }

    /// Where the uplinks lead by routes other than default ones.
    private List<Cidr> direct(List<String> links) {
        Set<Integer> indexes = netlink.interfaces().stream()
                .filter(found -> links.contains(found.name()))
                .map(NetInterface::index)
                .collect(Collectors.toSet());
        return netlink.routes().stream()
                .filter(route -> route.table() == RtNetlink.MAIN_TABLE
                        && !route.destination().isDefault()
                        && route.interfaces().stream().anyMatch(indexes::contains))
                .map(NetRoute::destination)
                .sorted(Comparator.comparing(Cidr::toString))
                .toList();
    }

    private List<String> outgoing(ServerForwarding server) {
        if (!server.outgoing().equals(ServerForwarding.AUTO)) {
            return List.of(server.outgoing());
        }
        Set<Integer> defaults = netlink.routes().stream()
                .filter(route -> route.table() == RtNetlink.MAIN_TABLE
                        && route.kind() == NetRoute.Kind.UNICAST
                        && route.destination().isDefault())
                .flatMap(route -> route.interfaces().stream())
                .collect(Collectors.toSet());
        return netlink.interfaces().stream()
                .filter(found -> defaults.contains(found.index()))
                .map(NetInterface::name)
                .filter(name -> !name.equals(tunnel))
                .sorted()
                .toList();
    }

    private static boolean covers(Cidr network, Cidr client) {
        return network.bits() <= client.bits() && network.network().contains(client.address());
    }

    private static String namespace() {
        try {
            String name =
                    Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
            return name.replaceAll("[^0-9]", "");
        } catch (IOException e) {
            throw new HostException("cannot tell the network namespace: " + e.getMessage() + "; is /proc mounted?", e);
        }
    }
}
