package io.onebox.agent;

import io.onebox.agent.status.Problem;
import io.onebox.agent.status.ProblemKind;
import io.onebox.shared.config.IpText;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Makes this machine ask the tunnel's name servers while the tunnel is up: by systemd-resolved, which forgets them
/// with the interface, or by resolvconf. Belongs to the agent's thread; starts processes.
final class TunnelDns {

    /// Runs programs.
    @FunctionalInterface
    interface Programs {
        /// Runs a program to its end.
        ///
        /// @return its exit code
        int run(List<String> command, String input);
    }

    private enum Way {
        RESOLVED,
        RESOLVCONF,
        NONE
    }

    private final Programs programs;
    private final Way way;
    private final String interfaceName;
    private volatile Optional<Problem> problem = Optional.empty();
    private List<InetAddress> inForce = List.of();

    /// @param root of the file system, to look for what is installed
    TunnelDns(Programs programs, Path root, String interfaceName) {
        this.programs = programs;
        this.way = way(root);
        this.interfaceName = interfaceName;
    }

    private static Way way(Path root) {
        if (Files.isDirectory(root.resolve("run/systemd/resolve"))) {
            return Way.RESOLVED;
        }
        return Files.isExecutable(root.resolve("sbin/resolvconf"))
                        || Files.isExecutable(root.resolve("usr/sbin/resolvconf"))
                ? Way.RESOLVCONF
                : Way.NONE;
    }

    /// Forgets what an earlier process may have left. To be called before [#use].
    void cleanUp() {
        if (way == Way.RESOLVCONF) {
            programs.run(List.of("resolvconf", "-d", resolvconfName()), "");
        }
    }

    /// Uses these name servers and no others; none gives the machine its own back.
    void use(List<InetAddress> servers) {
        if (servers.equals(inForce)) {
            return;
        }
        boolean isDone = switch (way) {
            case RESOLVED -> resolved(servers);
            case RESOLVCONF -> resolvconf(servers);
            case NONE -> servers.isEmpty();
        };
        inForce = List.copyOf(servers);
        problem = isDone
                ? Optional.empty()
                : Optional.of(Problem.of(
                        ProblemKind.DNS_UNSET,
                        way == Way.NONE
                                ? "[tunnel] dns is not used: there is neither systemd-resolved nor resolvconf here"
                                : "[tunnel] dns is not used: " + way.name().toLowerCase(Locale.ROOT) + " refused",
                        "install resolvconf, or write the name servers into /etc/resolv.conf"));
    }

    /// Why the name servers are not used, if they are not. From any thread.
    Optional<Problem> problem() {
        return problem;
    }

    private boolean resolved(List<InetAddress> servers) {
        if (servers.isEmpty()) {
            return programs.run(List.of("resolvectl", "revert", interfaceName), "") == 0;
        }
        List<String> dns = new ArrayList<>(List.of("resolvectl", "dns", interfaceName));
        servers.forEach(server -> dns.add(IpText.of(server)));
        // All names, rather than those of a domain.
        return programs.run(dns, "") == 0
                && programs.run(List.of("resolvectl", "domain", interfaceName, "~."), "") == 0;
    }

    private boolean resolvconf(List<InetAddress> servers) {
        if (servers.isEmpty()) {
            return programs.run(List.of("resolvconf", "-d", resolvconfName()), "") == 0;
        }
        var input = new StringBuilder();
        servers.forEach(
                server -> input.append("nameserver ").append(IpText.of(server)).append('\n'));
        return programs.run(List.of("resolvconf", "-a", resolvconfName()), input.toString()) == 0;
    }

    /// resolvconf sorts by name; `tun.` comes first in its default order, as wg-quick and OpenVPN know.
    private String resolvconfName() {
        return "tun." + interfaceName;
    }
}
