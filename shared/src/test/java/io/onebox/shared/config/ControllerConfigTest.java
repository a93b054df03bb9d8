package io.onebox.shared.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControllerConfigTest {

    @Test
    void listsEveryErrorWithItsLine() {
        assertThat(errors("""
                [http]
                listen = "8443"
                public-urls = ["http://plain.example"]
                tls = "files"
                colour = "red"
                [database]
                url = "mysql:x"
                [tunnel]
                network = ["10.0.0.0/30", "10.1.0.0/16"]
                """))
                .extracting(ConfigError::toString)
                .anySatisfy(error -> assertThat(error).startsWith("c.toml:2: http.listen: must be host:port"))
                .anySatisfy(error -> assertThat(error).startsWith("c.toml:3: http.public-urls[0]: must be a URL"))
                .anySatisfy(error -> assertThat(error).startsWith("c.toml:4: http.tls: is \"files\", which needs"))
                .anySatisfy(error -> assertThat(error).startsWith("c.toml:5: http.colour: unknown key"))
                .anySatisfy(error -> assertThat(error).startsWith("c.toml:7: database.url: must be \"sqlite:\""))
                .anySatisfy(error -> assertThat(error).startsWith("c.toml:9: tunnel.network: must hold one"))
                .anySatisfy(error -> assertThat(error).contains("is too small for agents: '10.0.0.0/30'"));
    }

    @Test
    void severalNodesNeedADatabaseTheyCanShareAndAPrivateNetwork() {
        String http = "[http]\nlisten = \"192.0.2.1:8443\"\n";
        String cluster = "[cluster]\nenabled = true\nlisten = \"10.0.0.1:5701\"\nmembers = [\"%s\"]\n";
        String postgresql = "[database]\nurl = \"postgresql://onebox@db.example:5432/onebox\"\n";

        assertThat(errors(http + cluster.formatted("10.0.0.2:5701")))
                .extracting(ConfigError::toString)
                .containsExactly("c.toml:4: cluster.enabled: needs a database that nodes can share:"
                        + " give database.url of PostgreSQL");
        assertThat(errors(http + cluster.formatted("192.0.2.2:5701") + postgresql))
                .extracting(ConfigError::key)
                .containsExactly("cluster.members");
        assertThat(errors(http + cluster.formatted("192.0.2.2:5701") + "allow-public-address = true\n" + postgresql))
                .isEmpty();
        assertThat(errors(http + cluster.formatted("[fd00::2]:5701") + postgresql))
                .isEmpty();
        assertThat(errors(http + "[database]\nurl = \"postgresql://onebox:secret@db:5432/onebox\"\n"))
                .extracting(ConfigError::key)
                .containsExactly("database.url");
        assertThat(errors(http + "[database]\npassword-file = \"p\"\n"))
                .extracting(ConfigError::key)
                .containsExactly("database.password-file");
    }

    @Test
    void wantsToKnowHowAgentsReachIt() {
        assertThat(errors("")).extracting(ConfigError::key).containsExactly("http.public-urls");
        assertThat(errors("[http]\nlisten = \"192.0.2.1:8443\"\n")).isEmpty();
    }

    @Test
    void metricsHaveAPortOfTheirOwn() {
        String metrics = "[metrics]\nlisten = \"%s\"\n";

        assertThat(errors("[http]\nlisten = \"192.0.2.1:8443\"\n" + metrics.formatted("0.0.0.0:8443")))
                .extracting(ConfigError::toString)
                .containsExactly("c.toml:4: metrics.listen: is the address of http.listen too:"
                        + " give it a port of its own, or \"\" for off");
        assertThat(errors("[http]\nlisten = \"192.0.2.1:8443\"\n" + metrics.formatted("127.0.0.1:8443")))
                .isEmpty();
        assertThat(errors("[http]\nlisten = \"192.0.2.1:8443\"\n" + metrics.formatted("")))
                .isEmpty();
    }

    @Test
    void behindAProxyItWantsToKnowWhichAndHowAgentsReachIt() {
        String http = "[http]\nlisten = \"127.0.0.1:8080\"\ntls = \"proxy\"\n";
        String urls = "public-urls = [\"https://controller.example.net\"]\n";

        assertThat(errors(http + urls))
                .extracting(ConfigError::toString)
                .containsExactly("c.toml:3: http.tls: is \"proxy\", which needs trusted-proxies and public-urls");
        assertThat(errors(http + "trusted-proxies = [\"127.0.0.1/32\"]\n"))
                .extracting(ConfigError::key)
                .containsExactly("http.tls");
        assertThat(errors(http + urls + "trusted-proxies = [\"10.0.0.1/24\"]\n"))
                .extracting(ConfigError::key)
                .contains("http.trusted-proxies[0]");
        assertThat(errors(http + urls + "trusted-proxies = [\"127.0.0.1/32\", \"::1/128\"]\n"))
                .isEmpty();
    }

    private static List<ConfigError> errors(String toml) {
        Loaded<TomlDocument> document = TomlDocument.parse(Path.of("c.toml"), toml);
        return switch (ControllerConfig.read(((Loaded.Valid<TomlDocument>) document).config())) {
            case Loaded.Valid<ControllerConfig> _ -> List.of();
            case Loaded.Invalid<ControllerConfig>(var errors) -> errors;
        };
    }
}
