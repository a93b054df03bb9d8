package io.onebox.shared.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientConfigTest {

    private static final String MINIMAL = """
            [server]
            endpoints = ["192.0.2.1:51820"]
            public-key = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
            [identity]
            private-key-file = "client.key"
            [tunnel]
            addresses = ["10.77.0.2/32"]
            """;

    @TempDir
    private Path temporary;

    private ConfigDirectory directory;

    @BeforeEach
    void writeKeys() {
        directory = new ConfigDirectory(temporary);
    }

    @Test
    void theDashboardIsForThisMachineAlone() {
        assertThat(directory.client(MINIMAL).local().dashboard()).isEmpty();
        assertThat(directory
                        .client(MINIMAL + "[api]\ndashboard = \"[::1]:9585\"\n")
                        .local()
                        .dashboard())
                .contains(new HostPort("::1", 9585));
        assertThat(directory.clientErrors(MINIMAL + "[api]\ndashboard = \"0.0.0.0:9585\"\n"))
                .singleElement()
                .asString()
                .contains("api.dashboard: must be a port of this machine alone such as \"127.0.0.1:9585\"");
    }

    @Test
    void metricsAreNotOnThePortOfTheDashboard() {
        String both = "[api]\ndashboard = \"127.0.0.1:9585\"\n[metrics]\nlisten = \"127.0.0.1:9585\"\n";

        assertThat(directory.clientErrors(MINIMAL + both))
                .singleElement()
                .asString()
                .contains("metrics.listen: is the address of api.dashboard too: give it a port of its own");
    }

    @Test
    void readsEveryKey() {
        ClientConfig config = directory.client(ConfigDirectory.sample("client.toml"));

        assertThat(config.server().endpoints())
                .extracting(HostPort::toString)
                .containsExactly("vpn.example.net:51820", "[2001:db8::1]:51820");
        assertThat(config.server().presharedKey()).isPresent();
        assertThat(config.identity().privateKeyFile()).isEqualTo(temporary.resolve("client.key"));
        assertThat(config.tunnel().interfaceName()).isEqualTo("bond0");
        assertThat(config.tunnel().mtuBytes()).isEqualTo(1400);
        assertThat(config.tunnel().nat()).isTrue();
        assertThat(config.tunnel().routes()).extracting(Prefix::toString).containsExactly("192.168.0.0/16");
        assertThat(config.tunnel().dns()).hasSize(2);
        assertThat(config.mode()).isEqualTo(BondingMode.COST_AWARE);
        assertThat(config.include()).containsExactly("eth*", "wwan*");
        assertThat(config.exclude()).containsExactly("eth9");
        assertThat(config.link("wwan0")).isEqualTo(new LinkConfig("wwan0", LinkRole.BACKUP, true, 1_250_000, 187_500));
        assertThat(config.local().socket()).isEqualTo(Path.of("/run/onebox/other.sock"));
        assertThat(config.local().metrics()).contains(new HostPort("127.0.0.1", 9999));
        assertThat(config.local().stateDirectory()).isEqualTo(Path.of("/var/lib/other"));
        assertThat(config.local().log()).isEqualTo(new LogConfig(LogConfig.Level.DEBUG, LogConfig.Format.JSON));
    }

    @Test
    void fillsInTheDocumentedDefaults() {
        ClientConfig config = directory.client(MINIMAL);

        assertThat(config.tunnel().interfaceName()).isEqualTo("onebox0");
        assertThat(config.tunnel().routes()).extracting(Prefix::toString).containsExactly("0.0.0.0/0", "::/0");
        assertThat(config.tunnel().mtuBytes()).isEqualTo(TunnelConfig.AUTO_MTU);
        assertThat(config.tunnel().nat()).isFalse();
        assertThat(config.mode()).isEqualTo(BondingMode.AGGREGATE);
        assertThat(config.include()).containsExactly("*");
        assertThat(config.exclude()).containsExactly("lo", "docker*", "veth*", "br-*");
        assertThat(config.link("eth0")).isEqualTo(new LinkConfig("eth0", LinkRole.ALWAYS, false, 0, 0));
        assertThat(config.local().socket()).isEqualTo(Path.of("/run/onebox/client.sock"));
        assertThat(config.local().metrics()).contains(new HostPort("127.0.0.1", 9586));
        assertThat(config.local().stateDirectory()).isEqualTo(Path.of("/var/lib/onebox"));
        assertThat(config.local().log()).isEqualTo(new LogConfig(LogConfig.Level.INFO, LogConfig.Format.TEXT));
    }

    @Test
    void namesEveryErrorWithItsPlace() {
        List<String> errors = directory.clientErrors("""
                [server]
                endpoints = ["vpn.example.net"]
                public-key = "short"

                [identity]
                private-key-fil = "client.key"

                [tunnel]
                addresses = ["10.77.0.2"]
                routes = ["10.0.0.1/8"]
                mtu = 12
                nat = "yes"

                [[link]]
                interface = "wwan0"
                role = "sometimes"
                [[link]]
                interface = "wwan0"
                upload = "0"
                """);

        assertThat(errors)
                .containsExactly(
                        "client.toml:2: server.endpoints[0]: must be host:port or [IPv6]:port, such as"
                                + " \"vpn.example.net:51820\", was 'vpn.example.net'",
                        "client.toml:3: server.public-key: must be a public key: 32 bytes in base64 (44 characters), as"
                                + " `onebox-client pubkey` prints it, was 'short'",
                        "client.toml:5: identity.private-key-file: is required: a path",
                        "client.toml:6: identity.private-key-fil: unknown key; did you mean 'private-key-file'?",
                        "client.toml:9: tunnel.addresses[0]: must be an address with its prefix length, such as"
                                + " \"10.77.0.2/32\", was '10.77.0.2'",
                        "client.toml:10: tunnel.routes[0]: must be a prefix without bits behind its length, such as"
                                + " \"192.168.1.0/24\", was '10.0.0.1/8'",
                        "client.toml:11: tunnel.mtu: must be \"auto\" or a whole number between 1280 and 65535,"
                                + " was '12'",
                        "client.toml:12: tunnel.nat: must be true or false, was 'yes'",
                        "client.toml:16: link[0].role: must be one of \"always\", \"secondary\", \"backup\", \"never\","
                                + " was 'sometimes'",
                        "client.toml:18: link[1].interface: is a duplicate: 'wwan0' has its own [[link]] above",
                        "client.toml:19: link[1].upload: must be \"auto\" or a rate between 8kbit/s and 100Gbit/s such"
                                + " as \"10Mbit/s\", was '0'");
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(directory.clientErrors(""))
                .containsExactly(
                        "client.toml:1: server.endpoints: is required: a list, each host:port or [IPv6]:port, such as"
                                + " \"vpn.example.net:51820\"",
                        "client.toml:1: server.public-key: is required: a public key: 32 bytes in base64 (44"
                                + " characters), as `onebox-client pubkey` prints it",
                        "client.toml:1: identity.private-key-file: is required: a path",
                        "client.toml:1: tunnel.addresses: is required: a list, each an address with its prefix length,"
                                + " such as \"10.77.0.2/32\"");
    }

    @Test
    void listsEverythingThatIsNotToml() {
        List<String> errors = directory.clientErrors("[server\na = 1\na = 2\n[tunnel]\nb == 3\n");

        assertThat(errors)
                .hasSizeGreaterThan(1)
                .allSatisfy(error -> assertThat(error).matches("client\\.toml:\\d: syntax: column \\d+: .*"));
    }

    @Test
    void refusesAnUnknownTableAndKeyBesideIt() {
        List<String> errors = directory.clientErrors(MINIMAL + "[tunel]\nmtu = 1400\n[metrics]\nport = 1\n");

        assertThat(errors)
                .containsExactly("client.toml:8: tunel: unknown key", "client.toml:11: metrics.port: unknown key");
    }

    @Test
    void refusesAKeyFileThatOthersMayRead() {
        directory.key("client.key", ConfigDirectory.PRIVATE_KEY, "rw-r-----");

        Path key = temporary.resolve("client.key");
        assertThat(directory.clientErrors(MINIMAL))
                .singleElement()
                .asString()
                .startsWith("client.toml:5: identity.private-key-file: ")
                .contains("has mode rw-r-----, which is wider than 0600; run: chmod 600 ")
                .endsWith("client.key");
        assertThat(KeyFile.read(key))
                .isEqualTo(new KeyFile.Result.Refused(
                        key + " has mode rw-r-----, which is wider than 0600; run: chmod 600 " + key));
    }

    @Test
    void refusesAKeyOfTheWrongLength() {
        directory.key("client.key", "c2hvcnQ=", "rw-------");

        assertThat(directory.clientErrors(MINIMAL)).singleElement().asString().contains("must hold 32 bytes in base64");
    }

    @Test
    void saysWhenAKeyFileIsMissing() {
        assertThat(directory.clientErrors(MINIMAL.replace("client.key", "nowhere.key")))
                .singleElement()
                .asString()
                .contains("does not exist; make a key with: onebox-client keygen --out ");
    }

    @Test
    void saysWhenAKeyFileCannotBeRead() {
        assertThat(directory.clientErrors(MINIMAL.replace("client.key", ".")))
                .singleElement()
                .asString()
                .startsWith("client.toml:5: identity.private-key-file: ");
    }

    @Test
    void saysWhenTheFileIsMissing() {
        assertThat(((Loaded.Invalid<ClientConfig>) ClientConfig.load(Path.of("/nowhere/client.toml"))).errors())
                .extracting(ConfigError::toString)
                .containsExactly("/nowhere/client.toml:1: file: does not exist");
    }

    @Test
    void neverShowsASecret() {
        ClientConfig config = directory.client(MINIMAL);

        assertThat(config.toString())
                .doesNotContain(ConfigDirectory.PRIVATE_KEY)
                .contains("[redacted]");
    }
}
