package io.onebox.agent.linux;

import static io.onebox.agent.linux.RtNetlinkCode.*;

import io.onebox.agent.linux.RtNetlinkEntry.NetRoute;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Writes rtnetlink requests. Pure; one object writes one request.
///
/// ```
/// +--------+------+-------+----------+--------+---------------+--------------------------+
/// | length | type | flags | sequence | sender | fixed part    | attributes, 4-byte units |
/// |   u32  |  u16 |  u16  |   u32    |  u32   | of the type   | length u16, type u16, …  |
/// +--------+------+-------+----------+--------+---------------+--------------------------+
/// ```
final class RtNetlinkRequest {

    /// Ample for one entry.
    private static final int CAPACITY = 1024;

    private final ByteBuffer buffer = ByteBuffer.allocate(CAPACITY).order(ByteOrder.nativeOrder());

    private RtNetlinkRequest(int type, int flags) {
        buffer.putInt(0)
                .putShort((short) type)
                .putShort((short) (NLM_F_REQUEST | flags))
                .putInt(0)
                .putInt(0);
    }

    /// Asks for all entries of a type: `RTM_GETLINK` and so on.
    static RtNetlinkRequest dump(int type) {
        var request = new RtNetlinkRequest(type, NLM_F_DUMP);
        int fixedPart = type == RTM_GETLINK ? 16 : type == RTM_GETADDR ? 8 : 12;
        for (int i = 0; i < fixedPart; i++) {
            request.buffer.put((byte) 0);
        }
        return request;
    }

    /// Sets or clears flags of an interface.
    static RtNetlinkRequest setFlags(int index, int flags, int mask) {
        var request = new RtNetlinkRequest(RTM_NEWLINK, NLM_F_ACK);
        request.buffer.putInt(0).putInt(index).putInt(flags).putInt(mask);
        return request;
    }

    /// Sets one number of an interface.
    static RtNetlinkRequest setNumber(int index, int attribute, int value) {
        return setFlags(index, 0, 0).number(attribute, value);
    }

    /// Adds an address, or changes it if it is there.
    static RtNetlinkRequest addAddress(int index, Cidr address) {
        return address(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, index, address);
    }

    static RtNetlinkRequest removeAddress(int index, Cidr address) {
        return address(RTM_DELADDR, NLM_F_ACK, index, address);
    }

    /// Adds a route; one that is there already is an error.
    static RtNetlinkRequest addRoute(NetRoute route) {
        return route(RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, route);
    }

    static RtNetlinkRequest removeRoute(NetRoute route) {
        return route(RTM_DELROUTE, NLM_F_ACK, route);
    }

    /// Adds a rule; one that is there already is an error.
    static RtNetlinkRequest addRule(NetRule rule) {
        return rule(RTM_NEWRULE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, rule);
    }

    static RtNetlinkRequest removeRule(NetRule rule) {
        return rule(RTM_DELRULE, NLM_F_ACK, rule);
    }

    /// The finished request.
    ByteBuffer finish(int sequence) {
        buffer.putInt(0, buffer.position());
        buffer.putInt(8, sequence);
        return buffer.flip();
    }

    private static RtNetlinkRequest address(int type, int flags, int index, Cidr address) {
        var request = new RtNetlinkRequest(type, flags);
        request.buffer
                .put((byte) address.family().number())
                .put((byte) address.bits())
                .put((byte) 0)
                .put((byte) RT_SCOPE_UNIVERSE)
                .putInt(index);
        request.bytes(IFA_LOCAL, address.address().getAddress());
        request.bytes(IFA_ADDRESS, address.address().getAddress());
        return address.family() == IpFamily.IPV6 ? request.number(IFA_FLAGS, IFA_F_NODAD) : request;
    }

    private static RtNetlinkRequest route(int type, int flags, NetRoute route) {
        IpFamily family = route.destination().family();
        boolean isDirect =
                route.kind() == NetRoute.Kind.UNICAST && route.gateway().isEmpty() && family == IpFamily.IPV4;
        var request = new RtNetlinkRequest(type, flags);
        request.buffer
                .put((byte) family.number())
                .put((byte) route.destination().bits())
                .put((byte) route.source().bits())
                .put((byte) 0)
                .put((byte) 0)
                .put((byte) route.protocol())
                .put((byte) (isDirect ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE))
                .put((byte) route.kind().number())
                .putInt(0);
        request.number(RTA_TABLE, route.table());
        request.prefix(RTA_DST, route.destination()).prefix(RTA_SRC, route.source());
        route.gateway().map(InetAddress::getAddress).ifPresent(bytes -> request.bytes(RTA_GATEWAY, bytes));
        if (route.metric() != 0) {
            request.number(RTA_PRIORITY, (int) route.metric());
        }
        route.interfaces().forEach(index -> request.number(RTA_OIF, index));
        return request;
    }

    private static RtNetlinkRequest rule(int type, int flags, NetRule rule) {
        NetRule.Selector selector = rule.selector();
        var request = new RtNetlinkRequest(type, flags);
        request.buffer
                .put((byte) rule.family().number())
                .put((byte) selector.destination().bits())
                .put((byte) selector.source().bits())
                .put((byte) 0)
                .put((byte) 0)
                .put((byte) 0)
                .put((byte) 0)
                .put((byte) rule.action().number())
                .putInt(selector.isInverted() ? FIB_RULE_INVERT : 0);
        request.prefix(FRA_DST, selector.destination())
                .prefix(FRA_SRC, selector.source())
                .number(FRA_PRIORITY, rule.priority())
                .number(FRA_TABLE, rule.table());
        if (selector.mask() != 0) {
            request.number(FRA_FWMARK, selector.mark()).number(FRA_FWMASK, selector.mask());
        }
        if (rule.suppressedBits() >= 0) {
            request.number(FRA_SUPPRESS_PREFIXLEN, rule.suppressedBits());
        }
        if (rule.protocol() != 0) {
            request.bytes(FRA_PROTOCOL, (byte) rule.protocol());
        }
        return request.name(FRA_IIFNAME, selector.incoming()).name(FRA_OIFNAME, selector.outgoing());
    }

    private RtNetlinkRequest number(int type, int value) {
        buffer.putShort((short) (ATTRIBUTE_HEADER_LENGTH + Integer.BYTES))
                .putShort((short) type)
                .putInt(value);
        return this;
    }

    private RtNetlinkRequest prefix(int type, Cidr prefix) {
        return prefix.isDefault() ? this : bytes(type, prefix.address().getAddress());
    }

    private RtNetlinkRequest name(int type, String name) {
        return name.isEmpty() ? this : bytes(type, (name + '\0').getBytes(StandardCharsets.UTF_8));
    }

    private RtNetlinkRequest bytes(int type, byte... value) {
        buffer.putShort((short) (ATTRIBUTE_HEADER_LENGTH + value.length))
                .putShort((short) type)
                .put(value);
        while (buffer.position() % ALIGNMENT != 0) {
            buffer.put((byte) 0);
        }
        return this;
    }
}
