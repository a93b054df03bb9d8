package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.Packet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Addresses of a dual-stack socket; IPv4 is mapped, also in the control data (`net/ipv4/ip_sockglue.c`).
///
/// ```
///  struct sockaddr_in6, 28 bytes                     struct in6_pktinfo, 20 bytes
///   0 +-----------+-----------+-----------------+     0 +-------------------------+
///     | family    | port (BE) | flowinfo        |       | local address (16)      |
///   8 +-----------+-----------+-----------------+       |                         |
///     | address (16)                            |    16 +------------+------------+
///     |                                         |       | ifindex    |
///  24 +-----------------------+-----------------+       +------------+
///     | scope id              |
///     +-----------------------+
/// ```
final class Ipv6Addresses implements AddressFormat {

    static final int SOL_IPV6 = 41;
    static final int IPV6_MTU_DISCOVER = 23;
    static final int IPV6_V6ONLY = 26;
    static final int IPV6_RECVPKTINFO = 49;

    static final int IPV6_RECVTCLASS = 66;

    private static final int IPV6_PKTINFO = 50;
    private static final int IPV6_TCLASS = 67;

    private static final ValueLayout.OfShort NETWORK_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NETWORK_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int PORT_OFFSET = Short.BYTES;
    private static final int ADDRESS_OFFSET = PORT_OFFSET + Short.BYTES + Integer.BYTES;
    private static final int NAME_LENGTH = ADDRESS_OFFSET + 2 * Long.BYTES + Integer.BYTES;

    private static final int PKTINFO_LENGTH = 2 * Long.BYTES + Integer.BYTES;

    @Override
    public int family() {
        return Libc.AF_INET6;
    }

    @Override
    public int nameLength() {
        return NAME_LENGTH;
    }

    @Override
    public boolean canReach(Packet packet) {
        return true;
    }

    @Override
    public void prepare(MessageVector messages, int index) {
        messages.names().set(JAVA_SHORT, messages.nameOffset(index), (short) Libc.AF_INET6);
    }

    @Override
    public void write(MessageVector messages, int index, Packet packet) {
        MemorySegment names = messages.names();
        long name = messages.nameOffset(index);
        names.set(NETWORK_SHORT, name + PORT_OFFSET, (short) packet.remotePort());
        names.set(NETWORK_LONG, name + ADDRESS_OFFSET, packet.remoteHigh());
        names.set(NETWORK_LONG, name + ADDRESS_OFFSET + Long.BYTES, packet.remoteLow());
        messages.lengths(index, NAME_LENGTH, 0);
        writeEcn(messages, index, packet);
        if (packet.localHigh() == 0 && packet.localLow() == 0) {
            return;
        }
        long info = messages.addControl(index, SOL_IPV6, IPV6_PKTINFO, PKTINFO_LENGTH);
        messages.controls().set(NETWORK_LONG, info, packet.localHigh());
        messages.controls().set(NETWORK_LONG, info + Long.BYTES, packet.localLow());
        messages.controls().set(JAVA_INT, info + 2 * Long.BYTES, 0);
    }

    @Override
    public void read(MessageVector messages, int index, Packet packet) {
        MemorySegment names = messages.names();
        long name = messages.nameOffset(index);
        packet.remote(
                names.get(NETWORK_LONG, name + ADDRESS_OFFSET),
                names.get(NETWORK_LONG, name + ADDRESS_OFFSET + Long.BYTES),
                Short.toUnsignedInt(names.get(NETWORK_SHORT, name + PORT_OFFSET)));
        MemorySegment controls = messages.controls();
        long info = messages.control(index, SOL_IPV6, IPV6_PKTINFO, PKTINFO_LENGTH);
        if (info != MessageVector.NONE) {
            packet.local(controls.get(NETWORK_LONG, info), controls.get(NETWORK_LONG, info + Long.BYTES));
        }
        packet.ecn(readEcn(messages, index));
    }

    /// To a mapped address the kernel sends IPv4, and takes IPv4's control message only.
    private static void writeEcn(MessageVector messages, int index, Packet packet) {
        if (Endpoint.isIpv4(packet.remoteHigh(), packet.remoteLow())) {
            Ipv4Addresses.writeEcn(messages, index, packet);
        } else if (packet.ecn() != 0) {
            long trafficClass = messages.addControl(index, SOL_IPV6, IPV6_TCLASS, Integer.BYTES);
            messages.controls().set(JAVA_INT, trafficClass, packet.ecn());
        }
    }

    private static int readEcn(MessageVector messages, int index) {
        long trafficClass = messages.control(index, SOL_IPV6, IPV6_TCLASS, Integer.BYTES);
        return trafficClass == MessageVector.NONE
                ? Ipv4Addresses.readEcn(messages, index)
                : messages.controls().get(JAVA_INT, trafficClass) & Ipv4Addresses.ECN_MASK;
    }
}
