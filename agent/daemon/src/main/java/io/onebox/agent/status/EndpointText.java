package io.onebox.agent.status;

import io.onebox.engine.packet.Endpoint;
import io.onebox.shared.config.IpText;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/// Endpoints as people write them.
public final class EndpointText {

    private EndpointText() {}

    /// `192.0.2.1:51820` or `[2001:db8::1]:51820`.
    public static String of(Endpoint endpoint) {
        byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(endpoint.high())
                .putLong(endpoint.low())
                .array();
        try {
            // A mapped address comes back as IPv4.
            String address = IpText.of(InetAddress.getByAddress(bytes));
            return (endpoint.isIpv4() ? address : "[" + address + "]") + ":" + endpoint.port();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }
}
