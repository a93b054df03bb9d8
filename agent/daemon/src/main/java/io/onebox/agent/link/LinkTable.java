package io.onebox.agent.link;

import io.onebox.agent.linux.Cidr;
import io.onebox.agent.linux.IpFamily;
import io.onebox.agent.linux.NetRule;
import io.onebox.agent.linux.RtNetlink;
import io.onebox.agent.linux.RtNetlinkEntry.NetAddress;
import io.onebox.agent.linux.RtNetlinkEntry.NetInterface;
import io.onebox.agent.linux.RtNetlinkEntry.NetRoute;
import io.onebox.agent.linux.RtNetlinkMessage;
import io.onebox.agent.linux.RtNetlinkMessage.Absent;
import io.onebox.agent.linux.RtNetlinkMessage.Present;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Decides which interfaces are links. Messages of the kernel in, events out; no system calls.
///
/// ```
///  interface may be used? ── no ──► "excluded by …"
///        │ up? ── no ──► "interface is down"
///        │ carrier? ── no ──► "no carrier"
///        │ global or private address? ── no ──► "no address"
///        │ route to the server from such an address? ── no ──► "no default route"
///        ▼
///      link
/// ```
///
/// A route is usable if it is a default route, or covers an endpoint of the server, in a table where a packet of
/// our sockets is looked up: `main`, or that of a rule that applies to the interface or to its address.
///
/// Not thread safe.
public final class LinkTable {

    private final int socketMark;
    private final Map<Integer, NetInterface> interfaces = new HashMap<>();
    private final Set<NetAddress> addresses = new HashSet<>();
    private final LinkIds ids = new LinkIds();
    private final Map<String, Link> links = new TreeMap<>();

    private LinkSelection selection;
    private List<InetAddress> endpoints = List.of();
    private List<NetRoute> routes = List.of();
    private List<NetRule> rules = List.of();
    private boolean isStale = true;

    /// @param socketMark `SO_MARK` of the sockets that will use the links
    public LinkTable(LinkSelection selection, int socketMark) {
        this.selection = selection;
        this.socketMark = socketMark;
    }

    /// Takes another selection from the next [#update] on.
    public void select(LinkSelection selection) {
        this.selection = selection;
    }

    /// Routes to these addresses count from the next [#update] on, as default routes do. Makes routes stale.
    public void endpoints(List<InetAddress> endpoints) {
        this.endpoints = List.copyOf(endpoints);
        isStale = true;
    }

    /// Forgets interfaces and addresses, and takes these.
    public void replace(List<NetInterface> interfaces, List<NetAddress> addresses) {
        this.interfaces.clear();
        interfaces.forEach(entry -> this.interfaces.put(entry.index(), entry));
        this.addresses.clear();
        this.addresses.addAll(addresses);
        isStale = true;
    }

    /// Takes routes and rules as they are.
    public void routes(List<NetRoute> routes, List<NetRule> rules) {
        this.routes = routes.stream().filter(this::leadsToServer).toList();
        this.rules = List.copyOf(rules);
        isStale = false;
    }

    /// Whether routes and rules must be read again before the next [#update].
    public boolean isStale() {
        return isStale;
    }

    /// Notes one message. It takes effect with the next [#update].
    public void apply(RtNetlinkMessage message) {
        switch (message.entry()) {
            case NetInterface entry -> applyInterface(message, entry);
            case NetAddress entry -> applyAddress(message, entry);
            case NetRoute entry -> isStale |= leadsToServer(entry) && entry.protocol() != RtNetlink.PROTOCOL;
            case NetRule entry -> isStale |= entry.protocol() != RtNetlink.PROTOCOL;
        }
    }

    /// Compares with the last time and tells what has happened since.
    public List<LinkEvent> update() {
        Map<String, Link> now = new TreeMap<>();
        Map<String, String> reasons = new HashMap<>();
        for (NetInterface candidate : interfaces.values()) {
            List<Cidr> usable = usableAddresses(candidate);
            String reason = reasonAgainst(candidate, usable);
            if (reason.isEmpty()) {
                int id = ids.idOf(candidate.name(), links.keySet());
                now.put(
                        candidate.name(),
                        new Link(id, candidate.name(), candidate.index(), candidate.mtuBytes(), usable));
            } else {
                reasons.put(candidate.name(), reason);
            }
        }
        List<LinkEvent> events = new ArrayList<>();
        links.values().forEach(before -> compare(before, now, reasons, events));
        now.values().stream()
                .filter(link -> !isSameInterface(link, links))
                .map(LinkEvent.Appeared::new)
                .forEach(events::add);
        links.clear();
        links.putAll(now);
        return events;
    }

    /// The links, by name.
    public List<Link> links() {
        return List.copyOf(links.values());
    }

    /// The interfaces that are not links, by name, each with the reason.
    public List<Unused> unused() {
        return interfaces.values().stream()
                .filter(candidate -> !links.containsKey(candidate.name()))
                .map(candidate -> new Unused(candidate.name(), reasonAgainst(candidate, usableAddresses(candidate))))
                .sorted(Comparator.comparing(Unused::name))
                .toList();
    }

    private void applyInterface(RtNetlinkMessage message, NetInterface entry) {
        NetInterface before = switch (message) {
            case Present _ -> interfaces.put(entry.index(), entry);
            case Absent _ -> interfaces.remove(entry.index());
        };
        boolean wasUp = before != null && before.isUp();
        boolean isUp = message instanceof Present && entry.isUp();
        boolean wasRenamed = before != null && !before.name().equals(entry.name());
        isStale |= wasUp != isUp || wasRenamed;
        if (message instanceof Absent) {
            addresses.removeIf(address -> address.interfaceIndex() == entry.index());
        }
    }

    private void applyAddress(RtNetlinkMessage message, NetAddress entry) {
        addresses.removeIf(known -> known.interfaceIndex() == entry.interfaceIndex()
                && known.address().equals(entry.address()));
        switch (message) {
            case Present _ -> addresses.add(entry);
            case Absent _ -> isStale = true;
        }
    }

    private void compare(Link before, Map<String, Link> now, Map<String, String> reasons, List<LinkEvent> events) {
        Link after = now.get(before.name());
        if (after == null) {
            events.add(new LinkEvent.Gone(before, reasons.getOrDefault(before.name(), "interface is gone")));
        } else if (after.interfaceIndex() != before.interfaceIndex()) {
            events.add(new LinkEvent.Gone(before, "interface was made anew"));
        } else if (!after.equals(before)) {
            events.add(new LinkEvent.Changed(before, after));
        }
    }

    private static boolean isSameInterface(Link link, Map<String, Link> others) {
        Link other = others.get(link.name());
        return other != null && other.interfaceIndex() == link.interfaceIndex();
    }

    private String reasonAgainst(NetInterface candidate, List<Cidr> usable) {
        if (candidate.isLoopback()) {
            return "loopback";
        }
        String excluded = selection.reasonAgainst(candidate.name()).orElse("");
        if (!excluded.isEmpty()) {
            return excluded;
        }
        if (!candidate.isUp()) {
            return "interface is down";
        }
        if (!candidate.hasCarrier()) {
            return "no carrier";
        }
        if (addressesOf(candidate).isEmpty()) {
            return "no address";
        }
        return usable.isEmpty() ? "no default route" : "";
    }

    private List<Cidr> usableAddresses(NetInterface candidate) {
        return addressesOf(candidate).stream()
                .filter(address -> hasRoute(candidate, address.address()))
                .sorted(Comparator.comparing((NetAddress address) -> address.isDeprecated())
                        .thenComparing(address -> address.address().family())
                        .thenComparing(address -> address.address().toString()))
                .map(NetAddress::address)
                .toList();
    }

    private List<NetAddress> addressesOf(NetInterface candidate) {
        return addresses.stream()
                .filter(address -> address.interfaceIndex() == candidate.index())
                .filter(address -> address.isGlobal() && address.isUsable())
                .filter(address -> !address.address().address().isLinkLocalAddress())
                .toList();
    }

    private boolean hasRoute(NetInterface candidate, Cidr address) {
        Set<Integer> tables = new HashSet<>(Set.of(RtNetlink.MAIN_TABLE, RtNetlink.DEFAULT_TABLE));
        rules.stream()
                .filter(rule -> rule.action() == NetRule.Action.LOOKUP)
                .filter(rule -> rule.appliesTo(address.address(), candidate.name(), socketMark))
                .map(NetRule::table)
                .forEach(tables::add);
        return routes.stream()
                .filter(route -> tables.contains(route.table()))
                .filter(route -> route.interfaces().contains(candidate.index()))
                .anyMatch(route -> route.source().contains(address.address()) && reaches(route, address.family()));
    }

    private boolean reaches(NetRoute route, IpFamily family) {
        return route.destination().family() == family && leadsToServer(route);
    }

    private boolean leadsToServer(NetRoute route) {
        return route.kind() == NetRoute.Kind.UNICAST
                && (route.destination().isDefault() || endpoints.stream().anyMatch(route.destination()::contains));
    }
}
