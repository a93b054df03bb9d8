package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;

import java.nio.file.Path;
import java.time.Duration;

/// Debian's `wireguard-go` on a host of the testbed: an implementation that is not ours.
final class StockWireGuard implements AutoCloseable {

    private final TestbedHost host;
    private final String device;
    private final Process process;
    private final AgentFiles files;

    /// Starts it with an interface that has `address`.
    ///
    /// @param device a name of its own: control sockets of all namespaces share a directory
    StockWireGuard(Testbed testbed, TestbedHost host, String device, AgentKeys keys, String address) {
        this.host = host;
        this.device = device;
        this.files = new AgentFiles(testbed.directory().resolve(device), "wireguard");
        Path log = files.log();
        process = host.start(log, "wireguard-go", "-f", device);
        eventually(Duration.ofSeconds(5), () -> host.run("wg show " + device));
        host.run("wg set %s private-key %s".formatted(device, secret("key", keys.privateKey())));
        host.run("ip addr add %s dev %s && ip link set %s up mtu 1420".formatted(address, device, device));
    }

    private Path secret(String name, String content) {
        return files.directory().resolve(files.secret(name, content));
    }

    /// Waits for calls.
    void listen(int port) {
        host.run("wg set %s listen-port %d".formatted(device, port));
    }

    /// Adds the one peer.
    ///
    /// @param more arguments of `wg set … peer`, such as an endpoint
    void peer(String publicKey, String presharedKey, String allowedIps, String more) {
        host.run("wg set %s peer '%s' preshared-key %s allowed-ips %s %s"
                .formatted(device, publicKey, secret("psk", presharedKey), allowedIps, more));
    }

    /// Sends a prefix into the tunnel.
    void route(String prefix) {
        host.run("ip route add %s dev %s".formatted(prefix, device));
    }

    @Override
    public void close() {
        TestbedHost.stop(process);
    }
}
