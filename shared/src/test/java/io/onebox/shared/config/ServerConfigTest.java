package io.onebox.shared.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerConfigTest {

    private static final String VAN = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    private static final String BOAT = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";

    private static final String MINIMAL = """
            [identity]
            private-key-file = "server.key"
            [tunnel]
            addresses = ["10.77.0.1/24"]
            """;

    @TempDir
    private Path temporary;

    private ConfigDirectory directory;

    @BeforeEach
    void writeKeys() {
        directory = new ConfigDirectory(temporary);
    }

    @Test
    void readsEveryKey() {
        ServerConfig config = directory.server(ConfigDirectory.sample("server.toml"));

        assertThat(config.port()).isEqualTo(443);
        assertThat(config.tunnel().addresses()).extracting(Prefix::bits).containsExactly(24, 64);
        assertThat(config.forwarding().nat()).isFalse();
        assertThat(config.forwarding().interfaceName()).contains("eth0");
        assertThat(config.forwarding().clientToClient()).isTrue();
        assertThat(config.mode()).isEqualTo(BondingMode.REDUNDANT);
        assertThat(config.clients()).extracting(ServerConfig.Client::name).containsExactly("van", "boat");
        assertThat(config.clients().get(0).presharedKey()).isEmpty();
        assertThat(config.clients().get(1).presharedKey()).isPresent();
        assertThat(config.local().metrics()).isEmpty();
    }

    @Test
    void fillsInTheDocumentedDefaults() {
        ServerConfig config = directory.server(MINIMAL);

        assertThat(config.port()).isEqualTo(51_820);
        assertThat(config.forwarding().nat()).isTrue();
        assertThat(config.forwarding().interfaceName()).isEmpty();
        assertThat(config.forwarding().clientToClient()).isFalse();
        assertThat(config.clients()).isEmpty();
        assertThat(config.local().socket()).isEqualTo(Path.of("/run/onebox/server.sock"));
        assertThat(config.local().metrics()).contains(new HostPort("127.0.0.1", 9587));
    }

    @Test
    void refusesWhatTwoClientsCannotShare() {
        String file = MINIMAL + client("van", VAN, "10.77.0.2/32") + client("van", VAN, "10.77.0.2/32");

        assertThat(directory.serverErrors(file))
                .containsExactly(
                        "server.toml:10: client[1].name: is a duplicate: 'van' already belongs to client 'van'",
                        "server.toml:11: client[1].public-key: is a duplicate: '" + VAN
                                + "' already belongs to client 'van'",
                        "server.toml:12: client[1].addresses: is a duplicate: '10.77.0.2/32' already belongs to client"
                                + " 'van'");
    }

    @Test
    void refusesTheServersOwnAddressForAClient() {
        assertThat(directory.serverErrors(MINIMAL + client("van", VAN, "10.77.0.1/32")))
                .containsExactly("server.toml:8: client[0].addresses: is a duplicate:"
                        + " '10.77.0.1/32' is the server's own address");
    }

    @Test
    void refusesAClientAddressWithHostBits() {
        assertThat(directory.serverErrors(MINIMAL + client("van", VAN, "10.77.0.2/24")))
                .singleElement()
                .asString()
                .contains("client[0].addresses[0]: must be a prefix without bits behind its length");
    }

    @Test
    void acceptsManyClients() {
        String file = MINIMAL + client("van", VAN, "10.77.0.2/32") + client("boat", BOAT, "10.77.0.3/32");

        assertThat(directory.server(file).clients()).hasSize(2);
    }

    @Test
    void refusesAPortOutOfRange() {
        assertThat(directory.serverErrors(MINIMAL + "[listen]\nport = 65536\n"))
                .containsExactly("server.toml:6: listen.port: must be a whole number between 1 and 65535, was '65536'");
    }

    private static String client(String name, String key, String address) {
        return "[[client]]\nname = \"%s\"\npublic-key = \"%s\"\naddresses = [\"%s\"]\n".formatted(name, key, address);
    }
}
