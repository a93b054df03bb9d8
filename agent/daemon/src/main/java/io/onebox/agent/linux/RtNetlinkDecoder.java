package io.onebox.agent.linux;

import static io.onebox.agent.linux.RtNetlinkCode.*;

import io.onebox.agent.linux.RtNetlinkEntry.NetAddress;
import io.onebox.agent.linux.RtNetlinkEntry.NetInterface;
import io.onebox.agent.linux.RtNetlinkEntry.NetRoute;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads the bodies of rtnetlink messages. Pure.
final class RtNetlinkDecoder {

    private RtNetlinkDecoder() {}

    /// Decodes one message, or returns nothing if it is about something else, such as a neighbour or a cached route.
    ///
    /// @param type `nlmsg_type`
    /// @param body what follows the netlink header, in native byte order
    static Optional<RtNetlinkMessage> decode(int type, ByteBuffer body) {
        return switch (type) {
            case RTM_NEWLINK -> interfaceOf(body).map(RtNetlinkMessage.Present::new);
            case RTM_DELLINK -> interfaceOf(body).map(RtNetlinkMessage.Absent::new);
            case RTM_NEWADDR -> address(body).map(RtNetlinkMessage.Present::new);
            case RTM_DELADDR -> address(body).map(RtNetlinkMessage.Absent::new);
            case RTM_NEWROUTE -> route(body).map(RtNetlinkMessage.Present::new);
            case RTM_DELROUTE -> route(body).map(RtNetlinkMessage.Absent::new);
            case RTM_NEWRULE -> rule(body).map(RtNetlinkMessage.Present::new);
            case RTM_DELRULE -> rule(body).map(RtNetlinkMessage.Absent::new);
            default -> Optional.empty();
        };
    }

    /// Attributes by type, from the position of `buffer` to its limit. Of a repeated one, the last.
    static Map<Integer, ByteBuffer> attributes(ByteBuffer buffer) {
        Map<Integer, ByteBuffer> attributes = new HashMap<>();
        while (buffer.remaining() >= ATTRIBUTE_HEADER_LENGTH) {
            int start = buffer.position();
            int length = Short.toUnsignedInt(buffer.getShort(start));
            if (length < ATTRIBUTE_HEADER_LENGTH || length > buffer.remaining()) {
                break;
            }
            int type = buffer.getShort(start + Short.BYTES) & NLA_TYPE_MASK;
            attributes.put(
                    type,
                    buffer.slice(start + ATTRIBUTE_HEADER_LENGTH, length - ATTRIBUTE_HEADER_LENGTH)
                            .order(ByteOrder.nativeOrder()));
            buffer.position(Math.min(start + align(length), buffer.limit()));
        }
        return attributes;
    }

    /// The text of an attribute, without its final zero.
    static String text(ByteBuffer attribute) {
        byte[] bytes = bytes(attribute);
        int length = bytes.length > 0 && bytes[bytes.length - 1] == 0 ? bytes.length - 1 : bytes.length;
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /// `struct ifinfomsg`: family, pad, type, index, flags, change.
    private static Optional<NetInterface> interfaceOf(ByteBuffer body) {
        int index = body.getInt(4);
        int flags = body.getInt(8);
        Map<Integer, ByteBuffer> attributes = attributes(body.position(16));
        if (!attributes.containsKey(IFLA_IFNAME)) {
            return Optional.empty();
        }
        int running = IFF_LOWER_UP | IFF_RUNNING;
        return Optional.of(new NetInterface(
                index,
                text(attributes.get(IFLA_IFNAME)),
                number(attributes, IFLA_MTU, 0),
                kind(attributes),
                (flags & IFF_UP) != 0,
                (flags & running) == running,
                (flags & IFF_LOOPBACK) != 0));
    }

    private static String kind(Map<Integer, ByteBuffer> attributes) {
        ByteBuffer info = attributes.get(IFLA_LINKINFO);
        ByteBuffer kind = info == null ? null : attributes(info).get(IFLA_INFO_KIND);
        return kind == null ? "" : text(kind);
    }

    /// `struct ifaddrmsg`: family, prefix length, flags, scope, index.
    private static Optional<NetAddress> address(ByteBuffer body) {
        int bits = Byte.toUnsignedInt(body.get(1));
        int shortFlags = Byte.toUnsignedInt(body.get(2));
        boolean isGlobal = body.get(3) == RT_SCOPE_UNIVERSE;
        int index = body.getInt(4);
        Map<Integer, ByteBuffer> attributes = attributes(body.position(8));
        ByteBuffer address = attributes.getOrDefault(IFA_LOCAL, attributes.get(IFA_ADDRESS));
        if (address == null) {
            return Optional.empty();
        }
        int flags = number(attributes, IFA_FLAGS, shortFlags);
        boolean isTentative = (flags & IFA_F_TENTATIVE) != 0 && (flags & IFA_F_OPTIMISTIC) == 0;
        return Optional.of(new NetAddress(
                index,
                new Cidr(Cidr.addressOf(bytes(address)), bits),
                isGlobal,
                !isTentative && (flags & IFA_F_DADFAILED) == 0,
                (flags & IFA_F_DEPRECATED) != 0));
    }

    /// `struct rtmsg`: family, destination length, source length, tos, table, protocol, scope, type, flags.
    private static Optional<NetRoute> route(ByteBuffer body) {
        Optional<IpFamily> family = family(body.get(0));
        boolean isCached = (body.getInt(8) & RTM_F_CLONED) != 0;
        if (family.isEmpty() || isCached) {
            return Optional.empty();
        }
        int bits = Byte.toUnsignedInt(body.get(1));
        int sourceBits = Byte.toUnsignedInt(body.get(2));
        int shortTable = Byte.toUnsignedInt(body.get(4));
        int protocol = Byte.toUnsignedInt(body.get(5));
        int type = body.get(7);
        boolean isDead = (body.getInt(8) & RTNH_F_DEAD) != 0;
        Map<Integer, ByteBuffer> attributes = attributes(body.position(12));
        Set<Integer> interfaces = new HashSet<>();
        ByteBuffer out = attributes.get(RTA_OIF);
        if (out != null && !isDead) {
            interfaces.add(out.getInt(0));
        }
        ByteBuffer hops = attributes.get(RTA_MULTIPATH);
        if (hops != null) {
            addHops(hops, interfaces);
        }
        ByteBuffer gateway = attributes.get(RTA_GATEWAY);
        Optional<InetAddress> via = gateway == null ? Optional.empty() : Optional.of(Cidr.addressOf(bytes(gateway)));
        return Optional.of(new NetRoute(
                kindOf(type),
                number(attributes, RTA_TABLE, shortTable),
                prefix(attributes.get(RTA_DST), family.get(), bits),
                prefix(attributes.get(RTA_SRC), family.get(), sourceBits),
                Integer.toUnsignedLong(number(attributes, RTA_PRIORITY, 0)),
                interfaces,
                via,
                protocol));
    }

    /// `struct rtnexthop`: length, flags, weight, interface; then its own attributes.
    private static void addHops(ByteBuffer hops, Set<Integer> interfaces) {
        int start = 0;
        while (hops.limit() - start >= 8) {
            int length = Short.toUnsignedInt(hops.getShort(start));
            if (length < 8) {
                return;
            }
            if ((hops.get(start + 2) & RTNH_F_DEAD) == 0) {
                interfaces.add(hops.getInt(start + 4));
            }
            start += align(length);
        }
    }

    /// `struct fib_rule_hdr`: family, destination length, source length, tos, table, two reserved, action, flags.
    private static Optional<NetRule> rule(ByteBuffer body) {
        Optional<IpFamily> known = family(body.get(0));
        if (known.isEmpty()) {
            return Optional.empty();
        }
        IpFamily family = known.get();
        int destinationBits = Byte.toUnsignedInt(body.get(1));
        int sourceBits = Byte.toUnsignedInt(body.get(2));
        boolean hasTos = body.get(3) != 0;
        int shortTable = Byte.toUnsignedInt(body.get(4));
        int action = body.get(7);
        boolean isInverted = (body.getInt(8) & FIB_RULE_INVERT) != 0;
        Map<Integer, ByteBuffer> attributes = attributes(body.position(12));
        boolean isPeculiar = hasTos
                || Stream.of(FRA_UID_RANGE, FRA_IP_PROTO, FRA_IP_PROTO + 1, FRA_DPORT_RANGE)
                        .anyMatch(attributes::containsKey)
                || isSet(attributes.get(FRA_L3MDEV));
        var selector = new NetRule.Selector(
                isInverted,
                prefix(attributes.get(FRA_SRC), family, sourceBits),
                prefix(attributes.get(FRA_DST), family, destinationBits),
                number(attributes, FRA_FWMARK, 0),
                number(attributes, FRA_FWMASK, 0),
                name(attributes.get(FRA_IIFNAME)),
                name(attributes.get(FRA_OIFNAME)),
                isPeculiar);
        ByteBuffer protocol = attributes.get(FRA_PROTOCOL);
        return Optional.of(new NetRule(
                family,
                number(attributes, FRA_PRIORITY, 0),
                actionOf(action),
                number(attributes, FRA_TABLE, shortTable),
                number(attributes, FRA_SUPPRESS_PREFIXLEN, -1),
                protocol == null ? 0 : Byte.toUnsignedInt(protocol.get(0)),
                selector));
    }

    private static NetRoute.Kind kindOf(int type) {
        return Arrays.stream(NetRoute.Kind.values())
                .filter(kind -> kind.number() == type)
                .findFirst()
                .orElse(NetRoute.Kind.OTHER);
    }

    private static NetRule.Action actionOf(int number) {
        return Arrays.stream(NetRule.Action.values())
                .filter(action -> action.number() == number)
                .findFirst()
                .orElse(NetRule.Action.OTHER);
    }

    private static Optional<IpFamily> family(int number) {
        return Arrays.stream(IpFamily.values())
                .filter(family -> family.number() == number)
                .findFirst();
    }

    private static Cidr prefix(@Nullable ByteBuffer attribute, IpFamily family, int bits) {
        return attribute == null ? Cidr.everything(family) : new Cidr(Cidr.addressOf(bytes(attribute)), bits);
    }

    private static String name(@Nullable ByteBuffer attribute) {
        return attribute == null ? "" : text(attribute);
    }

    private static boolean isSet(@Nullable ByteBuffer attribute) {
        return attribute != null && attribute.get(0) != 0;
    }

    private static int number(Map<Integer, ByteBuffer> attributes, int type, int otherwise) {
        ByteBuffer attribute = attributes.get(type);
        return attribute == null ? otherwise : attribute.getInt(0);
    }

    private static byte[] bytes(ByteBuffer attribute) {
        byte[] bytes = new byte[attribute.remaining()];
        attribute.get(attribute.position(), bytes);
        return bytes;
    }
}
