package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.Packet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Addresses of an IPv4 socket, for kernels without IPv6.
///
/// ```
///  struct sockaddr_in, 16 bytes                      struct in_pktinfo, 12 bytes
///   0 +-----------+-----------+-----------------+     0 +-------------------------+
///     | family    | port (BE) | address         |       | ifindex                 |
///   8 +-----------+-----------+-----------------+     4 +-------------------------+
///     | zero                                    |       | local address           |
///  16 +-----------------------------------------+     8 +-------------------------+
///                                                       | address in the header   |
///                                                    12 +-------------------------+
/// ```
final class Ipv4Addresses implements AddressFormat {

    static final int SOL_IP = 0;
    static final int IP_PKTINFO = 8;
    static final int IP_MTU_DISCOVER = 10;
    static final int IP_RECVTOS = 13;

    /// Bits of the TOS byte, and of the traffic class of IPv6, that are ECN (RFC 3168, section 5).
    static final int ECN_MASK = 3;

    private static final int IP_TOS = 1;

    private static final ValueLayout.OfShort NETWORK_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt NETWORK_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int PORT_OFFSET = Short.BYTES;
    private static final int ADDRESS_OFFSET = PORT_OFFSET + Short.BYTES;
    private static final int NAME_LENGTH = ADDRESS_OFFSET + Integer.BYTES + Long.BYTES;

    private static final int LOCAL_OFFSET = Integer.BYTES;
    private static final int HEADER_ADDRESS_OFFSET = LOCAL_OFFSET + Integer.BYTES;
    private static final int PKTINFO_LENGTH = HEADER_ADDRESS_OFFSET + Integer.BYTES;

    @Override
    public int family() {
        return Libc.AF_INET;
    }

    @Override
    public int nameLength() {
        return NAME_LENGTH;
    }

    @Override
    public boolean canReach(Packet packet) {
        return Endpoint.isIpv4(packet.remoteHigh(), packet.remoteLow());
    }

    @Override
    public void prepare(MessageVector messages, int index) {
        messages.names().set(JAVA_SHORT, messages.nameOffset(index), (short) Libc.AF_INET);
    }

    @Override
    public void write(MessageVector messages, int index, Packet packet) {
        long name = messages.nameOffset(index);
        messages.names().set(NETWORK_SHORT, name + PORT_OFFSET, (short) packet.remotePort());
        messages.names().set(NETWORK_INT, name + ADDRESS_OFFSET, (int) packet.remoteLow());
        messages.lengths(index, NAME_LENGTH, 0);
        writeEcn(messages, index, packet);
        if (packet.localLow() == 0) {
            return;
        }
        long info = messages.addControl(index, SOL_IP, IP_PKTINFO, PKTINFO_LENGTH);
        messages.controls().set(JAVA_INT, info, 0);
        messages.controls().set(NETWORK_INT, info + LOCAL_OFFSET, (int) packet.localLow());
        messages.controls().set(JAVA_INT, info + HEADER_ADDRESS_OFFSET, 0);
    }

    @Override
    public void read(MessageVector messages, int index, Packet packet) {
        MemorySegment names = messages.names();
        long name = messages.nameOffset(index);
        packet.remote(
                0,
                Endpoint.mapped(names.get(NETWORK_INT, name + ADDRESS_OFFSET)),
                Short.toUnsignedInt(names.get(NETWORK_SHORT, name + PORT_OFFSET)));
        MemorySegment controls = messages.controls();
        long info = messages.control(index, SOL_IP, IP_PKTINFO, PKTINFO_LENGTH);
        if (info != MessageVector.NONE) {
            packet.local(0, Endpoint.mapped(controls.get(NETWORK_INT, info + HEADER_ADDRESS_OFFSET)));
        }
        packet.ecn(readEcn(messages, index));
    }

    /// Writes what the TOS byte of a header of IPv4 is to be.
    static void writeEcn(MessageVector messages, int index, Packet packet) {
        if (packet.ecn() != 0) {
            long tos = messages.addControl(index, SOL_IP, IP_TOS, Integer.BYTES);
            messages.controls().set(JAVA_INT, tos, packet.ecn());
        }
    }

    /// The ECN field of a header of IPv4, or 0.
    static int readEcn(MessageVector messages, int index) {
        long tos = messages.control(index, SOL_IP, IP_TOS, Byte.BYTES);
        return tos == MessageVector.NONE ? 0 : messages.controls().get(JAVA_BYTE, tos) & ECN_MASK;
    }
}
