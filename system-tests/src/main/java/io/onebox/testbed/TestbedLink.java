package io.onebox.testbed;

/// An uplink of a client, and the four ways to lose it: cable pulled, black hole, address gone, interface gone.
/// [#restore] undoes whichever it was.
public final class TestbedLink {

    private final Testbed testbed;
    private final TestbedHost client;
    private final UplinkSpec spec;
    private final int clientIndex;
    private final int index;
    private String publicAddress;

    TestbedLink(Testbed testbed, TestbedHost client, UplinkSpec spec, int clientIndex, int index) {
        this.testbed = testbed;
        this.client = client;
        this.spec = spec;
        this.clientIndex = clientIndex;
        this.index = index;
        this.publicAddress = firstPublicAddress();
    }

    /// The interface at the client.
    public String name() {
        return spec.name();
    }

    /// The interface at the core.
    public String farName() {
        return "k" + clientIndex + spec.name();
    }

    /// The client's IPv4 address on this link.
    public String address() {
        return "10.%d.%d.2".formatted(clientIndex, index);
    }

    /// The client's IPv6 address on this link.
    public String address6() {
        return "2001:db8:%d:%d::2".formatted(clientIndex, index);
    }

    /// The address the internet sees.
    public String publicAddress() {
        return publicAddress;
    }

    private String gateway() {
        return "10.%d.%d.1".formatted(clientIndex, index);
    }

    private String gateway6() {
        return "2001:db8:%d:%d::1".formatted(clientIndex, index);
    }

    private String emulated() {
        return client.namespace() + "." + name();
    }

    /// Runs commands of the emulator for this link, such as `rate 20mbit`.
    public String shape(String... commands) {
        var output = new StringBuilder();
        for (String command : commands) {
            output.append(testbed.shaper().command(emulated() + " " + command));
        }
        return output.toString();
    }

    void create() {
        String near = client.namespace();
        String far = testbed.core().namespace();
        if (spec.isEmulated()) {
            testbed.shaper().command("add %s %s %s %s %s".formatted(emulated(), near, name(), far, farName()));
            shape(spec.shape().toArray(String[]::new));
        } else {
            Shell.script(
                    "ip link add %s netns %s type veth peer name %s netns %s".formatted(name(), near, farName(), far));
        }
        Shell.script("""
                ip -n FAR addr add GATEWAY/24 dev FARNAME
                ip -n FAR addr add GATEWAY6/64 dev FARNAME nodad
                ip -n FAR link set FARNAME up
                ip netns exec FAR nft add element ip wan public '{ ADDRESS : PUBLIC }'
                ip -n NEAR rule add from ADDRESS lookup TABLE pref 100INDEX
                ip -n NEAR rule add oif NAME lookup TABLE pref 200INDEX
                ip -n NEAR -6 rule add from ADDRESS6 lookup TABLE pref 100INDEX
                ip -n NEAR -6 rule add oif NAME lookup TABLE pref 200INDEX
                """.replace("FARNAME", farName())
                .replace("FAR", far)
                .replace("GATEWAY6", gateway6())
                .replace("GATEWAY", gateway())
                .replace("ADDRESS6", address6())
                .replace("ADDRESS", address())
                .replace("PUBLIC", publicAddress())
                .replace("NEAR", near)
                .replace("NAME", name())
                .replace("TABLE", Integer.toString(100 + index))
                .replace("INDEX", Integer.toString(index)));
        configure();
    }

    /// Gives the interface its addresses and routes, as DHCP would after a cable was plugged in.
    public void configure() {
        Shell.script("""
                ip -n NEAR addr replace ADDRESS/24 dev NAME
                ip -n NEAR addr replace ADDRESS6/64 dev NAME nodad
                ip -n NEAR link set NAME up
                ip -n NEAR route replace default via GATEWAY dev NAME onlink metric METRIC
                ip -n NEAR route replace default via GATEWAY dev NAME onlink table TABLE
                ip -n NEAR -6 route replace default via GATEWAY6 dev NAME onlink metric METRIC
                ip -n NEAR -6 route replace default via GATEWAY6 dev NAME onlink table TABLE
                """.replace("NEAR", client.namespace())
                .replace("GATEWAY6", gateway6())
                .replace("GATEWAY", gateway())
                .replace("ADDRESS6", address6())
                .replace("ADDRESS", address())
                .replace("NAME", name())
                .replace("METRIC", Integer.toString(100 * index))
                .replace("TABLE", Integer.toString(100 + index)));
    }

    /// Pulls the cable: the interface shows no carrier.
    public void pullCable() {
        shape("carrier off");
    }

    /// Makes a black hole: nothing arrives any more, and nobody is told.
    public void blackHole() {
        shape("down");
    }

    /// Takes the addresses away, and with them the routes.
    public void removeAddress() {
        Shell.script("ip -n %s -4 addr flush dev %s\nip -n %s -6 addr flush dev %s scope global"
                .formatted(client.namespace(), name(), client.namespace(), name()));
    }

    /// Removes the interface, as a USB modem pulled out.
    public void removeInterface() {
        Shell.script("ip -n %s link del %s".formatted(client.namespace(), name()));
    }

    /// Makes the link as it was before it was lost, in whichever way.
    public void restore() {
        boolean isThere = client.attempt("ip link show " + name()).exitCode() == 0;
        if (isThere) {
            shape("carrier on");
        } else {
            shape("plug");
        }
        configure();
    }

    /// Makes the carrier's NAT forget its mappings and use another public address from here on.
    public void rebindNat() {
        String before = publicAddress;
        publicAddress = before.equals(firstPublicAddress()) ? otherPublicAddress() : firstPublicAddress();
        testbed.core().run("nft delete element ip wan public '{ %s : %s }'".formatted(address(), before));
        testbed.core().run("nft add element ip wan public '{ %s : %s }'".formatted(address(), publicAddress));
        testbed.core().run("conntrack -F");
    }

    private String firstPublicAddress() {
        return "198.51.100." + (16 * clientIndex + index);
    }

    private String otherPublicAddress() {
        return "198.51.100." + (128 + 16 * clientIndex + index);
    }

    /// Bytes the client's interface has sent, as the kernel counts.
    public long sentBytes() {
        return counter("tx_bytes");
    }

    /// Bytes the client's interface has received, as the kernel counts.
    public long receivedBytes() {
        return counter("rx_bytes");
    }

    private long counter(String name) {
        return Long.parseLong(client.run("cat /sys/class/net/%s/statistics/%s".formatted(name(), name))
                .strip());
    }
}
