package io.onebox.agent.route;

import io.onebox.agent.linux.Errno;
import io.onebox.agent.linux.LinuxException;
import io.onebox.agent.linux.NetRule;
import io.onebox.agent.linux.RtNetlink;
import io.onebox.agent.linux.RtNetlinkEntry.NetInterface;
import io.onebox.agent.linux.RtNetlinkEntry.NetRoute;
import io.onebox.agent.route.HostChange.Route;
import io.onebox.agent.route.HostChange.Rule;
import io.onebox.agent.route.HostChange.Sysctl;
import io.onebox.agent.route.HostChange.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Everything the agent has changed on the host. Each change is in the journal before it is made, and is undone in
/// reverse. Not thread safe; system calls and processes, so keep it off event loops.
final class HostChanges {

    private final RtNetlink netlink;
    private final Nft nft;
    private final Sysctls sysctls;
    private final Journal journal;
    private List<JournalEntry> inForce = List.of();

    HostChanges(RtNetlink netlink, Nft nft, Sysctls sysctls, Journal journal) {
        this.netlink = netlink;
        this.nft = nft;
        this.sysctls = sysctls;
        this.journal = journal;
    }

    /// Undoes what an earlier process left behind. Returns how many changes that were.
    int cleanUp() {
        List<JournalEntry> leftovers = journal.leftovers();
        inForce = leftovers;
        become(List.of());
        return leftovers.size();
    }

    /// Makes the host as wanted: first what is missing, in order, then undoes what is no longer wanted, in reverse.
    /// If something fails, what is missing stays missing and the rest stays as it was.
    void become(List<HostChange> wanted) {
        List<JournalEntry> added = wanted.stream()
                .distinct()
                .filter(change -> !isInForce(change))
                .map(change -> new JournalEntry(change, valueBefore(change)))
                .toList();
        List<JournalEntry> kept =
                inForce.stream().filter(entry -> !isReplaced(entry, added)).toList();
        journal.write(concat(inForce, added));
        makeAllOrNone(added);
        List<JournalEntry> unwanted =
                kept.stream().filter(entry -> !wanted.contains(entry.change())).toList();
        List<JournalEntry> stuck = new ArrayList<>();
        Optional<RuntimeException> failure = undo(unwanted, stuck);
        inForce = concat(
                kept.stream()
                        .filter(entry -> !unwanted.contains(entry) || stuck.contains(entry))
                        .toList(),
                added);
        journal.write(inForce);
        failure.ifPresent(HostChanges::raise);
    }

    /// Makes again what other programs have removed: some network daemons delete rules they do not know. Returns how
    /// many rules and routes that were.
    int repair() {
        Set<NetRule> rules = Set.copyOf(netlink.rules());
        List<NetRoute> routes = netlink.routes();
        List<HostChange> missing = inForce.stream()
                .map(JournalEntry::change)
                .filter(change -> switch (change) {
                    case Rule(NetRule rule) -> !rules.contains(rule);
                    case Route route -> ours(route, routes).isEmpty();
                    case Sysctl _, Table _ -> false;
                })
                .toList();
        missing.forEach(this::make);
        return missing.size();
    }

    /// The value of a kernel setting before we first touched it; its value if we have not; empty if the kernel has
    /// none.
    Optional<String> valueWithoutUs(String key) {
        return inForce.stream()
                .filter(entry -> entry.change() instanceof Sysctl(String changed, String _) && changed.equals(key))
                .map(JournalEntry::before)
                .findFirst()
                .or(() -> sysctls.read(key));
    }

    private boolean isInForce(HostChange change) {
        return inForce.stream().anyMatch(entry -> entry.change().equals(change));
    }

    private String valueBefore(HostChange change) {
        if (!(change instanceof Sysctl(String key, String value))) {
            return "";
        }
        return valueWithoutUs(key).orElse(value);
    }

    private void make(HostChange change) {
        switch (change) {
            case Rule(NetRule rule) -> ignoring(Errno.EEXIST, () -> netlink.add(rule));
            case Route route -> ignoring(Errno.EEXIST, () -> netlink.add(asNetRoute(route)));
            case Sysctl(String key, String value) -> set(key, value);
            case Table(String name, String body) -> nft.replace(name, body);
        }
    }

    private void makeAllOrNone(List<JournalEntry> added) {
        List<JournalEntry> tried = new ArrayList<>();
        try {
            for (JournalEntry entry : added) {
                tried.add(entry);
                make(entry.change());
            }
        } catch (HostException | LinuxException e) {
            List<JournalEntry> made =
                    tried.stream().filter(entry -> !isReplaced(entry, inForce)).toList();
            List<JournalEntry> stuck = new ArrayList<>();
            undo(made, stuck).ifPresent(e::addSuppressed);
            inForce.stream().filter(entry -> isReplaced(entry, tried)).forEach(entry -> make(entry.change()));
            inForce = concat(inForce, stuck);
            journal.write(inForce);
            throw e;
        }
    }

    /// Undoes as much as possible. Returns the first failure, and adds to `stuck` what could not be undone.
    private Optional<RuntimeException> undo(List<JournalEntry> entries, List<JournalEntry> stuck) {
        Optional<RuntimeException> first = Optional.empty();
        for (JournalEntry entry : entries.reversed()) {
            try {
                undo(entry);
            } catch (HostException | LinuxException e) {
                stuck.addFirst(entry);
                first = first.or(() -> Optional.of(e));
            }
        }
        return first;
    }

    private void undo(JournalEntry entry) {
        switch (entry.change()) {
            case Rule(NetRule rule) -> ignoring(Errno.ENOENT, () -> netlink.remove(rule));
            case Route route ->
                ours(route, netlink.routes()).forEach(found -> ignoring(Errno.ESRCH, () -> netlink.remove(found)));
            case Sysctl(String key, String value) -> restore(key, value, entry.before());
            case Table(String name, String _) -> nft.remove(name);
        }
    }

    private static void raise(RuntimeException e) {
        throw e;
    }

    private void set(String key, String value) {
        if (!sysctls.read(key).equals(Optional.of(value))) {
            sysctls.write(key, value);
        }
    }

    /// A value somebody else has set since is left alone, and settings of interfaces that are gone went with them.
    private void restore(String key, String value, String before) {
        if (!before.equals(value) && sysctls.read(key).equals(Optional.of(value))) {
            sysctls.write(key, before);
        }
    }

    private NetRoute asNetRoute(Route route) {
        NetInterface into = netlink.findInterface(route.interfaceName())
                .orElseThrow(() -> new HostException("cannot route %s into %s: there is no such interface"
                        .formatted(route.destination(), route.interfaceName())));
        return NetRoute.into(into.index(), route.table(), route.destination(), RtNetlink.PROTOCOL);
    }

    private List<NetRoute> ours(Route route, List<NetRoute> routes) {
        Set<Integer> indexes = netlink.findInterface(route.interfaceName()).stream()
                .map(NetInterface::index)
                .collect(Collectors.toSet());
        return routes.stream()
                .filter(found -> found.protocol() == RtNetlink.PROTOCOL
                        && found.table() == route.table()
                        && found.destination().equals(route.destination().network())
                        && found.interfaces().equals(indexes))
                .toList();
    }

    private static void ignoring(int errno, Runnable call) {
        try {
            call.run();
        } catch (LinuxException e) {
            if (e.errno() != errno) {
                throw e;
            }
        }
    }

    /// Whether two changes are about the same table or setting, so that making one replaces the other.
    private static boolean isSameThing(HostChange one, HostChange other) {
        return switch (one) {
            case Table(String name, String _) -> other instanceof Table(String its, String _) && its.equals(name);
            case Sysctl(String key, String _) -> other instanceof Sysctl(String its, String _) && its.equals(key);
            case Rule _, Route _ -> false;
        };
    }

    private static boolean isReplaced(JournalEntry entry, List<JournalEntry> newer) {
        return newer.stream().anyMatch(other -> isSameThing(entry.change(), other.change()));
    }

    private static List<JournalEntry> concat(List<JournalEntry> first, List<JournalEntry> second) {
        List<JournalEntry> both = new ArrayList<>(first);
        both.addAll(second);
        return List.copyOf(both);
    }
}
