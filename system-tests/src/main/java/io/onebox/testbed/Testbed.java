package io.onebox.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A small internet, built in well under a second and torn down whatever happens.
///
/// ```
///  client              core                         server              internet
/// +------+  10.0.1/24 +--------------------------+ +-------------------+ +-----------+
/// |  up1 |============| SNAT 198.51.100.1        | | eth0 198.18.0.10  | | eth0      |
/// |  up2 |============| SNAT 198.51.100.2    srv |-|                   | | 198.19.0.80
/// |  up3 |============| SNAT 198.51.100.3    net |-----------------------| iperf3, web
/// +------+  emulated  +--------------------------+ +-------------------+ +-----------+
/// ```
///
/// The internet host answers only the server: what comes straight from an uplink is dropped on the way. IPv6 is
/// routed beside it without NAT. NAT forgets a UDP mapping after 30 s. Each uplink has a default route with a
/// metric of its own and a table for `from` and `oif`, as on a real box with several uplinks.
///
/// Names carry the process id, so that runs share a machine, and what killed runs left is cleaned at the start.
public final class Testbed implements AutoCloseable {

    /// The server as its clients reach it.
    public static final String SERVER = "198.18.0.10";

    /// The server as its clients reach it by IPv6.
    public static final String SERVER6 = "2001:db8:5e::10";

    /// The host that [#controller] adds.
    public static final String CONTROLLER = "198.18.1.10";

    /// A host that only the server reaches.
    public static final String INTERNET = "198.19.0.80";

    /// The same host by IPv6.
    public static final String INTERNET6 = "2001:db8:80::80";

    private static final int IPERF_PORT = 5201;
    private static final int IPERF_SERVERS = 3;

    private final AtomicInteger clients = new AtomicInteger();
    private final Deque<AutoCloseable> undo = new ArrayDeque<>();
    private final List<TestbedHost> hosts = new ArrayList<>();
    private final String prefix;
    private final Path directory;
    private final LinkShaper shaper;
    private final TestbedHost core;
    private final TestbedHost server;
    private final TestbedHost internet;

    /// Builds core, server and internet host; clients come with [#client].
    ///
    /// @param seed of all chance on the links
    public Testbed(long seed) {
        Leftovers.clean();
        try {
            directory = Files.createTempDirectory(
                    Leftovers.PREFIX + ProcessHandle.current().pid() + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        prefix = Leftovers.PREFIX + ProcessHandle.current().pid() + "-"
                + Integer.toHexString(System.identityHashCode(this) & 0xfff) + "-";
        undo.push(() -> Leftovers.delete(directory));
        try {
            shaper = LinkShaper.start(seed);
            undo.push(shaper);
            core = host("core");
            server = host("server");
            internet = host("internet");
            connect();
            serve();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Where files of this testbed go; deleted with it.
    public Path directory() {
        return directory;
    }

    /// Shapes the links.
    public LinkShaper shaper() {
        return shaper;
    }

    /// The routers of all carriers in one.
    public TestbedHost core() {
        return core;
    }

    /// The host of the server.
    public TestbedHost server() {
        return server;
    }

    /// A host on the internet.
    public TestbedHost internet() {
        return internet;
    }

    /// All hosts.
    public List<TestbedHost> hosts() {
        return List.copyOf(hosts);
    }

    /// Adds a client with its uplinks.
    public TestbedClient client(List<UplinkSpec> uplinks) {
        int index = clients.getAndIncrement();
        var client = new TestbedClient(this, host(index == 0 ? "client" : "client" + index), index);
        uplinks.forEach(client::plug);
        return client;
    }

    /// Adds a host to the LAN of a client, which is its router: `192.168.7.2` and `fd07::2`.
    public TestbedHost lan(TestbedClient client) {
        TestbedHost lan = host("lan" + client.index());
        Shell.script("""
                ip link add lan0 netns ROUTER type veth peer name eth0 netns LAN
                ip -n ROUTER addr add 192.168.7.1/24 dev lan0
                ip -n ROUTER addr add fd07::1/64 dev lan0 nodad
                ip -n ROUTER link set lan0 up
                ip -n LAN addr add 192.168.7.2/24 dev eth0
                ip -n LAN addr add fd07::2/64 dev eth0 nodad
                ip -n LAN link set eth0 up
                ip -n LAN route add default via 192.168.7.1
                ip -n LAN -6 route add default via fd07::1
                """.replace("ROUTER", client.host().namespace()).replace("LAN", lan.namespace()));
        return lan;
    }

    /// Adds a host for a controller, which server and clients reach.
    public TestbedHost controller() {
        TestbedHost controller = host("controller");
        Shell.script("""
                ip link add ctl netns CORE type veth peer name eth0 netns HOST
                ip -n CORE addr add 198.18.1.1/24 dev ctl
                ip -n CORE link set ctl up
                ip -n HOST addr add ADDRESS/24 dev eth0
                ip -n HOST link set eth0 up
                ip -n HOST route add default via 198.18.1.1
                """.replace("CORE", core.namespace())
                .replace("HOST", controller.namespace())
                .replace("ADDRESS", CONTROLLER));
        return controller;
    }

    private TestbedHost host(String name) {
        String namespace = prefix + name;
        Shell.script("""
                ip netns add NS
                ip -n NS link set lo up
                ip netns exec NS sh -e <<SYSCTL
                cd /proc/sys/net
                echo 0 > ipv4/conf/all/rp_filter
                echo 0 > ipv4/conf/default/rp_filter
                echo 0 > ipv6/conf/all/accept_dad
                echo 0 > ipv6/conf/default/accept_dad
                echo 0 > ipv6/conf/all/disable_ipv6
                echo 0 > ipv6/conf/default/disable_ipv6
                SYSCTL
                """.replace("NS", namespace));
        undo.push(() -> Shell.script("ip netns del " + namespace));
        var host = new TestbedHost(namespace);
        undo.push(host);
        hosts.add(host);
        return host;
    }

    private void connect() {
        Shell.script("""
                ip link add srv netns CORE type veth peer name eth0 netns SERVERNS
                ip link add net netns CORE type veth peer name eth0 netns INTERNETNS
                ip -n CORE addr add 198.18.0.1/24 dev srv
                ip -n CORE addr add 2001:db8:5e::1/64 dev srv nodad
                ip -n CORE addr add 198.19.0.1/24 dev net
                ip -n CORE addr add 2001:db8:80::1/64 dev net nodad
                ip -n CORE link set srv up
                ip -n CORE link set net up
                ip -n SERVERNS addr add SERVER4/24 dev eth0
                ip -n SERVERNS addr add SERVER6/64 dev eth0 nodad
                ip -n SERVERNS link set eth0 up
                ip -n SERVERNS route add default via 198.18.0.1
                ip -n SERVERNS -6 route add default via 2001:db8:5e::1
                ip -n INTERNETNS addr add INTERNET4/24 dev eth0
                ip -n INTERNETNS addr add INTERNET6/64 dev eth0 nodad
                ip -n INTERNETNS link set eth0 up
                ip -n INTERNETNS route add default via 198.19.0.1
                ip -n INTERNETNS -6 route add default via 2001:db8:80::1
                ip netns exec CORE sh -e <<'INSIDE'
                cd /proc/sys/net
                echo 1 > ipv4/ip_forward
                echo 1 > ipv6/conf/all/forwarding
                nft -f - <<'RULES'
                table ip wan {
                  map public { type ipv4_addr : ipv4_addr; }
                  chain direct { type filter hook forward priority 0; iifname "k*" oifname "net" drop; }
                  chain translate {
                    type nat hook postrouting priority 100
                    oifname "srv" snat to ip saddr map @public
                  }
                }
                table ip6 wan {
                  chain direct { type filter hook forward priority 0; iifname "k*" oifname "net" drop; }
                }
                RULES
                echo 30 > netfilter/nf_conntrack_udp_timeout
                echo 30 > netfilter/nf_conntrack_udp_timeout_stream
                INSIDE
                """.replace("CORE", core.namespace())
                .replace("SERVERNS", server.namespace())
                .replace("INTERNETNS", internet.namespace())
                .replace("SERVER4", SERVER)
                .replace("SERVER6", SERVER6)
                .replace("INTERNET4", INTERNET)
                .replace("INTERNET6", INTERNET6));
    }

    private void serve() {
        Path log = directory.resolve("services.log");
        for (int port = IPERF_PORT; port < IPERF_PORT + IPERF_SERVERS; port++) {
            internet.start(log, "iperf3", "-s", "-p", Integer.toString(port));
            server.start(log, "iperf3", "-s", "-p", Integer.toString(port));
        }
        Path page = directory.resolve("page");
        Shell.script("""
                head -c 3000000 /dev/urandom > PAGE.body
                printf 'HTTP/1.0 200 OK\\r\\nContent-Length: 3000000\\r\\n\\r\\n' > PAGE
                cat PAGE.body >> PAGE
                cat > PAGE.sh <<'ANSWER'
                while read -r line && [ "${#line}" -gt 1 ]; do :; done
                cat PAGE
                ANSWER
                """.replace("PAGE", page.toString()));
        internet.start(log, "socat", "TCP6-LISTEN:80,ipv6only=0,fork,reuseaddr", "EXEC:sh " + page + ".sh");
    }

    /// The content of the page the internet host serves over HTTP.
    public Path page() {
        return directory.resolve("page.body");
    }

    /// Undoes everything in reverse order; what fails does not stop the rest.
    @Override
    public void close() {
        while (!undo.isEmpty()) {
            try {
                undo.pop().close();
            } catch (Exception e) {
                System.err.println("testbed: tear-down goes on after: " + e.getMessage());
            }
        }
    }
}
