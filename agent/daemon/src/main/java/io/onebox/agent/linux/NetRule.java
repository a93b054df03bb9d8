package io.onebox.agent.linux;

import java.net.InetAddress;

/// A policy rule: packets it selects are looked up in a table, or refused.
///
/// @param priority lower is asked first
/// @param table where to look, if that is the action
/// @param suppressedBits routes with a prefix this short or shorter do not count; -1 for none
/// @param protocol who made it (`/etc/iproute2/rt_protos`)
public record NetRule(
        IpFamily family, int priority, Action action, int table, int suppressedBits, int protocol, Selector selector)
        implements RtNetlinkEntry {

    /// What a rule does with a packet.
    public enum Action {
        LOOKUP(1),
        UNREACHABLE(7),
        OTHER(0);

        private final int number;

        Action(int number) {
            this.number = number;
        }

        /// `FR_ACT_…` of linux/fib_rules.h.
        int number() {
            return number;
        }
    }

    /// Which packets a rule applies to.
    ///
    /// @param isInverted whether it applies to all packets but those described
    /// @param mark selects packets whose mark equals it under `mask`; a mask of 0 selects all
    /// @param incoming name of the interface the packet came from, or empty
    /// @param outgoing name of the interface its socket is bound to, or empty
    /// @param isPeculiar whether it selects by something we do not read (ports, users, …)
    public record Selector(
            boolean isInverted,
            Cidr source,
            Cidr destination,
            int mark,
            int mask,
            String incoming,
            String outgoing,
            boolean isPeculiar) {

        /// Every packet of a family.
        public static Selector all(IpFamily family) {
            Cidr all = Cidr.everything(family);
            return new Selector(false, all, all, 0, 0, "", "", false);
        }

        /// Of these, only those whose mark equals `mark` under `mask`.
        public Selector marked(int mark, int mask) {
            return new Selector(isInverted, source, destination, mark, mask, incoming, outgoing, isPeculiar);
        }

        /// Of these, only those from `source`.
        public Selector from(Cidr source) {
            return new Selector(isInverted, source.network(), destination, mark, mask, incoming, outgoing, isPeculiar);
        }

        /// Of these, only those to `destination`.
        public Selector to(Cidr destination) {
            return new Selector(isInverted, source, destination.network(), mark, mask, incoming, outgoing, isPeculiar);
        }

        /// Of these, only those of sockets bound to an interface.
        public Selector outOf(String outgoing) {
            return new Selector(isInverted, source, destination, mark, mask, incoming, outgoing, isPeculiar);
        }
    }

    /// A rule that looks packets up in `table`.
    public static NetRule lookup(Selector selector, int priority, int table, int protocol) {
        return new NetRule(selector.source().family(), priority, Action.LOOKUP, table, -1, protocol, selector);
    }

    /// A rule that makes packets unreachable.
    public static NetRule unreachable(Selector selector, int priority, int protocol) {
        return new NetRule(selector.source().family(), priority, Action.UNREACHABLE, 0, -1, protocol, selector);
    }

    /// The same, not minding routes with a prefix of `bits` or less.
    public NetRule suppressing(int bits) {
        return new NetRule(family, priority, action, table, bits, protocol, selector);
    }

    /// Whether a socket bound to `interfaceName` and `address` is subject to this rule, wherever it sends.
    ///
    /// @param socketMark its `SO_MARK`
    public boolean appliesTo(InetAddress address, String interfaceName, int socketMark) {
        boolean isSelected = ((socketMark ^ selector.mark) & selector.mask) == 0
                && selector.source.contains(address)
                && selector.destination.isDefault()
                && selector.incoming.isEmpty()
                && (selector.outgoing.isEmpty() || selector.outgoing.equals(interfaceName));
        return isSelected != selector.isInverted && !selector.isPeculiar;
    }
}
