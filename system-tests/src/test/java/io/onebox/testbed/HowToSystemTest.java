package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pages of the how-to are done as they stand, by somebody who has installed and enrolled as their words say. Two
/// machines are two networks: they share files, which have different names.
@Tag("system")
class HowToSystemTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /// A place that forgets, and two machines with a cable of each name in `$links`.
    private static final String MACHINES = """
            mount -t tmpfs tmpfs /run
            mkdir -p /run/netns /run/etc /run/kept
            cp -a /etc/. /run/etc
            mount --bind /run/etc /etc
            rm -rf /etc/onebox
            mkdir -p /etc/onebox
            mount -t tmpfs tmpfs /var/lib
            echo 192.0.2.1 vpn.example.net controller.example.net >>/etc/hosts
            export PATH=$PWD/target/onebox/bin:$PATH
            cd /run
            ip netns add client
            ip netns add server
            ip -n client link set lo up
            ip -n server link set lo up
            ip -n server addr add 192.0.2.1/32 dev lo
            metric=0
            for link in $links; do
              metric=$((metric + 1))
              ip link add $link netns client type veth peer name $link netns server
              ip -n client addr add 10.0.$metric.2/24 dev $link
              ip -n server addr add 10.0.$metric.1/24 dev $link
              ip -n client link set $link up
              ip -n server link set $link up
              ip -n client route add default via 10.0.$metric.1 dev $link metric $metric
            done
            """;

    /// As `controller.md` says.
    private static final String ENROLLED = """
            ip netns exec server bash -eux <<'END'
            onebox-controller init --public-url https://controller.example.net:8443
            onebox-controller run >controller.log 2>&1 &
            until curl -sfk https://controller.example.net:8443/health/live; do sleep 0.2; done
            onebox-controller enrol-token add --role server --endpoint vpn.example.net:51820 >server.token
            onebox-controller enrol-token add --role client >client.token
            onebox-server enrol --token-file server.token --name frankfurt
            onebox-server start
            END
            ip netns exec client bash -eux <<'END'
            onebox-client enrol --token-file client.token --name van
            onebox-client start
            until onebox-client status --check bonded; do sleep 0.2; done
            END
            """;

    @TempDir
    private Path directory;

    @Test
    void aVehicleWithACapUsesLteForWhatTheOtherLinkCannotCarry() throws IOException, InterruptedException {
        String said = run("wlan0 wwan0", ENROLLED, on("client", HowTo.page("rv").script()), """
                onebox-client config show
                onebox-client links --json | jq -r '.links[] | "\\(.name) is \\(.role), metered \\(.metered)"'
                """);

        assertThat(said)
                .contains(
                        "mode = \"cost-aware\"", "wlan0 is always, metered false", "wwan0 is secondary, metered true");
    }

    @Test
    void anOfficeBondsTwoLines() throws IOException, InterruptedException {
        String said =
                run("dsl0 dsl1", ENROLLED, on("client", HowTo.page("office").script()), """
                onebox-client config show
                onebox-client status
                """);

        assertThat(said).contains("include = [\"dsl*\"]", "2 of 2 links usable");
    }

    @Test
    void aPhoneJoinsWithTheStockApp() throws IOException, InterruptedException {
        String server = """
                onebox-server keygen --out /etc/onebox/server.key
                %s
                onebox-server config check
                onebox-server start
                """.formatted(HowTo.page("install").writing("/etc/onebox/server.toml"));
        String page = HowTo.page("phone")
                .script()
                .replaceFirst("public-key = \"[^\"]*\"", "public-key = \"\\$(wg pubkey <phone.key)\"")
                .replaceFirst("PrivateKey = …", "PrivateKey = \\$(cat phone.key)")
                .replaceFirst("PublicKey = …", "PublicKey = \\$(onebox-server pubkey /etc/onebox/server.key)");
        String phone = """
                wireguard-go -f wg0 &
                until wg show wg0; do sleep 0.2; done
                wg-quick strip /run/kept/phone.conf >stripped
                wg setconf wg0 stripped
                ip addr add 10.77.0.9/32 dev wg0
                ip link set wg0 up mtu 1420
                ip route add 10.77.0.1/32 dev wg0
                ping -c 5 -i 0.2 -W 2 10.77.0.1
                """;

        String seen = """
                until onebox-server clients | grep 'phone  *connected  *10.77.0.9/32'; do sleep 0.2; done
                ls
                """;

        String said = run("wlan0", on("server", server), on("server", page), on("client", phone), on("server", seen));

        assertThat(said).contains("5 received");
        assertThat(said.substring(said.lastIndexOf("+ ls"))).doesNotContain("phone.key", "phone.conf");
    }

    private String run(String links, String... parts) throws IOException, InterruptedException {
        return Seclusion.run(
                "links='%s'\n%s%s".formatted(links, MACHINES, String.join("", parts)), directory, PATIENCE);
    }

    /// On one of the machines, in a shell of its own.
    private static String on(String machine, String lines) {
        return "cat >%s.sh <<'STEPS'\n%sSTEPS\nip netns exec %s bash -eux %s.sh\n"
                .formatted(machine, lines, machine, machine);
    }
}
