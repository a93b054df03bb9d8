package io.onebox.agent.linux;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/// One line of the kernel's network configuration, as `ip link`, `ip address`, `ip route` and `ip rule` list it.
public sealed interface RtNetlinkEntry
        permits RtNetlinkEntry.NetInterface, RtNetlinkEntry.NetAddress, RtNetlinkEntry.NetRoute, NetRule {

    /// A network interface.
    ///
    /// @param index the kernel's number; a new one whenever an interface is made
    /// @param kind such as `veth` or `tun`; empty for hardware
    /// @param hasCarrier whether it can carry packets: `LOWER_UP` and an operational state of up or unknown
    record NetInterface(
            int index, String name, int mtuBytes, String kind, boolean isUp, boolean hasCarrier, boolean isLoopback)
            implements RtNetlinkEntry {}

    /// An address of an interface.
    ///
    /// @param isGlobal whether its scope is global; private addresses are
    /// @param isUsable whether duplicate address detection has let it pass
    /// @param isDeprecated whether new connections should prefer another
    record NetAddress(int interfaceIndex, Cidr address, boolean isGlobal, boolean isUsable, boolean isDeprecated)
            implements RtNetlinkEntry {}

    /// A route of any table.
    ///
    /// @param source packets it is for, by where they come from; mostly everything
    /// @param metric lower wins; 0 means the kernel's default
    /// @param interfaces indexes of the interfaces it leaves by; several if it is multipath
    /// @param protocol who made it (`/etc/iproute2/rt_protos`)
    record NetRoute(
            Kind kind,
            int table,
            Cidr destination,
            Cidr source,
            long metric,
            Set<Integer> interfaces,
            Optional<InetAddress> gateway,
            int protocol)
            implements RtNetlinkEntry {

        public NetRoute {
            destination = destination.network();
            source = source.network();
            interfaces = Set.copyOf(interfaces);
        }

        /// A route into an interface that needs no gateway, such as a TUN device.
        public static NetRoute into(int interfaceIndex, int table, Cidr destination, int protocol) {
            return new NetRoute(
                    Kind.UNICAST,
                    table,
                    destination,
                    Cidr.everything(destination.family()),
                    0,
                    Set.of(interfaceIndex),
                    Optional.empty(),
                    protocol);
        }

        /// What a route does with a packet.
        public enum Kind {
            UNICAST(1),
            UNREACHABLE(7),
            OTHER(0);

            private final int number;

            Kind(int number) {
                this.number = number;
            }

            int number() {
                return number;
            }
        }
    }
}
