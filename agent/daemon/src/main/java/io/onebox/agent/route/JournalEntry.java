package io.onebox.agent.route;

import io.onebox.agent.linux.Cidr;
import io.onebox.agent.linux.NetRule;
import io.onebox.agent.linux.RtNetlink;
import io.onebox.agent.route.HostChange.Route;
import io.onebox.agent.route.HostChange.Rule;
import io.onebox.agent.route.HostChange.Sysctl;
import io.onebox.agent.route.HostChange.Table;

/// A change with what is needed to undo it.
///
/// @param before the value of a setting before us; empty for everything else
record JournalEntry(HostChange change, String before) {

    private static final int HEXADECIMAL = 16;

    /// One line, its words separated by blanks.
    String line() {
        return switch (change) {
            case Rule(NetRule rule) -> line(rule);
            case Route(String interfaceName, int table, Cidr destination) ->
                "route %s %d %s".formatted(interfaceName, table, destination);
            case Sysctl(String key, String value) -> "sysctl %s %s %s".formatted(key, value, before);
            case Table(String name, String _) -> "table " + name;
        };
    }

    /// Reads [#line]; anything else is an [IllegalArgumentException]. The body of a table is not kept.
    static JournalEntry of(String line) {
        String[] words = line.split(" ", -1);
        try {
            return switch (words[0]) {
                case "rule" -> new JournalEntry(new Rule(rule(words)), "");
                case "route" ->
                    new JournalEntry(new Route(words[1], Integer.parseInt(words[2]), Cidr.of(words[3])), "");
                case "sysctl" -> new JournalEntry(new Sysctl(words[1], words[2]), words[3]);
                case "table" -> new JournalEntry(new Table(words[1], ""), "");
                default -> throw new IllegalArgumentException("unknown change: " + line);
            };
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("incomplete change: " + line, e);
        }
    }

    private static String line(NetRule rule) {
        NetRule.Selector selector = rule.selector();
        return "rule %d %s %d %d %s %x %x"
                .formatted(
                        rule.priority(),
                        rule.action(),
                        rule.table(),
                        rule.suppressedBits(),
                        selector.destination(),
                        selector.mark(),
                        selector.mask());
    }

    private static NetRule rule(String[] words) {
        Cidr destination = Cidr.of(words[5]);
        var selector = NetRule.Selector.all(destination.family())
                .to(destination)
                .marked(
                        Integer.parseUnsignedInt(words[6], HEXADECIMAL),
                        Integer.parseUnsignedInt(words[7], HEXADECIMAL));
        return new NetRule(
                destination.family(),
                Integer.parseInt(words[1]),
                NetRule.Action.valueOf(words[2]),
                Integer.parseInt(words[3]),
                Integer.parseInt(words[4]),
                RtNetlink.PROTOCOL,
                selector);
    }
}
