package io.onebox.agent.doctor;

import io.onebox.agent.link.Link;
import io.onebox.agent.link.LinkMonitor;
import io.onebox.agent.link.LinkSelection;
import io.onebox.agent.linux.Cidr;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.linux.LinuxException;
import io.onebox.agent.linux.NetRule;
import io.onebox.agent.linux.RtNetlink;
import io.onebox.agent.linux.RtNetlinkEntry.NetRoute;
import io.onebox.agent.linux.TunOffload;
import io.onebox.agent.linux.UdpOffload;
import io.onebox.agent.route.HostException;
import io.onebox.agent.route.Nft;
import io.onebox.agent.route.PolicyRoutes;
import io.onebox.agent.route.Sysctls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Looks at what the agent needs of the kernel and at what other programs may have done to it. Changes nothing.
public final class NetworkDoctor {

    /// What the agent asks for by `SO_RCVBUF` where it may not force it.
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

    private static final Path TUN = Path.of("/dev/net/tun");

    private final Libc libc;
    private final Sysctls sysctls;
    private final Nft nft;

    public NetworkDoctor(Libc libc, Sysctls sysctls, Nft nft) {
        this.libc = libc;
        this.sysctls = sysctls;
        this.nft = nft;
    }

    /// Checks for both roles.
    public List<Check> examine() {
        List<Check> checks = new ArrayList<>();
        checks.add(tun());
        checks.add(nftables());
        try (RtNetlink netlink = new RtNetlink(libc)) {
            checks.addAll(routing(netlink.rules(), netlink.routes()));
        } catch (LinuxException e) {
            checks.add(Check.fail("policy routing", String.valueOf(e.getMessage()), "allow AF_NETLINK sockets"));
        }
        checks.add(ipv6());
        checks.add(receiveBuffer());
        checks.add(offloads(UdpOffload.ofKernel(libc), System.getProperty("os.version", "")));
        checks.add(reversePath());
        checks.add(forwarding());
        return checks;
    }

    /// Checks for a client: has it links, and if not, why.
    public Check links(LinkSelection selection) {
        try (var monitor = new LinkMonitor(libc, selection, PolicyRoutes.SOCKET_MARK)) {
            monitor.reread();
            String unused = monitor.unused().stream()
                    .map(one -> one.name() + " (" + one.reason() + ")")
                    .collect(Collectors.joining(", "));
            return monitor.links().isEmpty()
                    ? Check.fail(
                            "links",
                            "no interface can be used: " + unused,
                            "plug one in, give it an address and a default route, or change [links]")
                    : Check.ok("links", monitor.links().stream().map(Link::name).collect(Collectors.joining(", ")));
        }
    }

    /// Pure part of [#examine]: what rules and routes say.
    static List<Check> routing(List<NetRule> rules, List<NetRoute> routes) {
        if (rules.isEmpty()) {
            return List.of(Check.fail(
                    "policy routing",
                    "the kernel lists no rules",
                    "use a kernel with CONFIG_IP_MULTIPLE_TABLES and CONFIG_IPV6_MULTIPLE_TABLES"));
        }
        String before = rules.stream()
                .filter(rule -> rule.priority() > 0 && rule.priority() < PolicyRoutes.lastPriority())
                .filter(rule -> rule.protocol() != RtNetlink.PROTOCOL)
                .map(rule -> String.valueOf(rule.priority()))
                .distinct()
                .collect(Collectors.joining(", "));
        String halves = routes.stream()
                .filter(route -> route.table() == RtNetlink.MAIN_TABLE
                        && route.destination().bits() == 1
                        && route.kind() == NetRoute.Kind.UNICAST)
                .map(NetRoute::destination)
                .map(Cidr::toString)
                .collect(Collectors.joining(", "));
        Check order = before.isEmpty()
                ? Check.ok("policy routing", "no rules of others before ours")
                : Check.warn(
                        "policy routing",
                        "rules of others with priority " + before + " are asked before or among ours",
                        "give them a priority above " + PolicyRoutes.lastPriority());
        Check others = halves.isEmpty()
                ? Check.ok("other tunnels", "none captures everything by the table main")
                : Check.warn(
                        "other tunnels",
                        "routes " + halves + " in the table main take what the tunnel should get",
                        "stop the VPN that made them");
        return List.of(order, others);
    }

    private static Check tun() {
        return Files.isReadable(TUN) && Files.isWritable(TUN)
                ? Check.ok("tun", TUN + " can be opened")
                : Check.fail(
                        "tun",
                        TUN + (Files.exists(TUN) ? " may not be opened" : " is missing"),
                        "run as root; modprobe tun; in a container, pass the device " + TUN);
    }

    private Check nftables() {
        try {
            nft.check();
            return Check.ok("nftables", "nft works, and the kernel takes our rules");
        } catch (HostException e) {
            return Check.fail("nftables", String.valueOf(e.getMessage()), "install the package nftables; run as root");
        }
    }

    private Check ipv6() {
        if (sysctls.read("net/ipv6/conf/all/disable_ipv6").isEmpty()) {
            return Check.warn("ipv6", "the kernel has no IPv6", "boot without ipv6.disable=1, or use IPv4 alone");
        }
        return sysctls.number("net/ipv6/conf/all/disable_ipv6") == 0
                ? Check.ok("ipv6", "switched on")
                : Check.warn("ipv6", "switched off", "sysctl net.ipv6.conf.all.disable_ipv6=0, or use IPv4 alone");
    }

    /// Pure part of [#examine]: what the kernel leaves to us that it could do more cheaply.
    ///
    /// @param release of the kernel, such as `6.1.0-18-amd64`
    static Check offloads(Set<UdpOffload> udp, String release) {
        List<String> missing = new ArrayList<>();
        for (UdpOffload offload : UdpOffload.values()) {
            if (!udp.contains(offload)) {
                missing.add(offload.name());
            }
        }
        if (!TunOffload.isUdpIn(release)) {
            missing.add("UDP segmentation of TUN devices");
        }
        return missing.isEmpty()
                ? Check.ok("offloads", "the kernel cuts and joins packets for us")
                : Check.warn(
                        "offloads",
                        "this kernel has no " + String.join(", no ", missing)
                                + ": everything works, at more CPU per byte",
                        "use Linux 6.2 or later if the CPU is what limits throughput");
    }

    private Check receiveBuffer() {
        int limit = sysctls.number("net/core/rmem_max");
        return limit == 0 || limit >= RECEIVE_BUFFER_BYTES
                ? Check.ok("receive buffer", "large enough")
                : Check.ok("receive buffer", "net.core.rmem_max is " + limit + "; with CAP_NET_ADMIN we exceed it");
    }

    private Check reversePath() {
        List<String> strict = sysctls.list("net/ipv4/conf").stream()
                .filter(name -> !name.equals("all") && !name.equals("default") && !name.equals("lo"))
                .filter(name -> Math.max(
                                sysctls.number("net/ipv4/conf/all/rp_filter"),
                                sysctls.number("net/ipv4/conf/" + name + "/rp_filter"))
                        == 1)
                .toList();
        return strict.isEmpty()
                ? Check.ok("reverse path filter", "strict nowhere")
                : Check.ok(
                        "reverse path filter",
                        "strict on " + String.join(", ", strict) + "; a client loosens it on its links while it runs");
    }

    private Check forwarding() {
        try {
            List<String> closed = nft.chainsThatDropForwarded();
            return closed.isEmpty()
                    ? Check.ok("forwarding", "no firewall drops forwarded packets by default")
                    : Check.warn(
                            "forwarding",
                            "forwarded packets are dropped by default in " + String.join(", ", closed),
                            "allow the tunnel interface there; it matters to servers and to clients with nat");
        } catch (HostException e) {
            return Check.warn(
                    "forwarding", String.valueOf(e.getMessage()), "install the package nftables; run as root");
        }
    }
}
