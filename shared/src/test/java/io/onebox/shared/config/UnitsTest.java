package io.onebox.shared.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.Seeded;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

    @ParameterizedTest
    @CsvSource({"8bit/s, 1", "10Mbit/s, 1250000", "1.5Mbit/s, 187500", "2 Gbit/s, 250000000", "64kbit/s, 8000"})
    void readsRates(String text, long bytesPerSecond) {
        assertThat(Rates.parse(text)).contains(bytesPerSecond);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "10Mb", "10MB/s", "-1Mbit/s", "1e3bit/s", "10Tbit/s", "9999999999bit/s"})
    void refusesWhatIsNotARate(String text) {
        assertThat(Rates.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0bit/s",
        "999, 999bit/s",
        "1000, 1.00kbit/s",
        "16400000, 16.4Mbit/s",
        "999999, 1.00Mbit/s",
        "2500000000, 2.50Gbit/s",
        "123456789, 123Mbit/s"
    })
    void writesRates(double bitsPerSecond, String text) {
        assertThat(Rates.format(bitsPerSecond)).isEqualTo(text);
    }

    @Seeded(runs = 200)
    void writesRatesExactly(RandomGenerator random) {
        long rate = random.nextLong(1_000, 12_500_000_000L);

        assertThat(Rates.parse(Rates.exact(rate))).contains(rate);
        assertThat(Rates.exact(2_500_000)).isEqualTo("20Mbit/s");
        assertThat(Rates.exact(312_500)).isEqualTo("2.5Mbit/s");
        assertThat(Rates.exact(8_000)).isEqualTo("64kbit/s");
        assertThat(Rates.exact(LinkConfig.NO_LIMIT)).isEqualTo("auto");
    }

    @ParameterizedTest
    @CsvSource({"200ms, PT0.2S", "5s, PT5S", "2m, PT2M", "1h, PT1H", "7d, PT168H"})
    void readsDurations(String text, Duration duration) {
        assertThat(Durations.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5 s", "-5s", "5min", "1.5s"})
    void refusesWhatIsNotADuration(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:1", "vpn.example.net:51820", "192.0.2.1:65535", "[::1]:1", "[2001:db8::1]:51820"})
    void readsEndpoints(String text) {
        assertThat(HostPort.parse(text)).hasToString("Optional[" + text + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a:", ":1", "a:0", "a:65536", "::1:1", "[a]:1", "[1.2.3.4]:1", "a b:1"})
    void refusesWhatIsNotAnEndpoint(String text) {
        assertThat(HostPort.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.77.0.2/32", "0.0.0.0/0", "10.77.0.1/24", "fd77::2/128", "::/0"})
    void readsPrefixes(String text) {
        assertThat(Prefix.parse(text)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10.77.0.2", "10.77.0.2/33", "10.77.0/24", "fd77::2/129", "example.net/24", "/0", "1/8"})
    void refusesWhatIsNotAPrefix(String text) {
        assertThat(Prefix.parse(text)).isEmpty();
    }

    @Test
    void knowsANetworkAndWhatItContains() {
        Prefix network = Prefix.parse("10.77.0.0/24").orElseThrow();

        assertThat(network.isNetwork()).isTrue();
        assertThat(network.contains(Prefix.address("10.77.0.255").orElseThrow()))
                .isTrue();
        assertThat(network.contains(Prefix.address("10.77.1.0").orElseThrow())).isFalse();
        assertThat(network.contains(Prefix.address("fd77::1").orElseThrow())).isFalse();
        assertThat(Prefix.parse("10.77.0.1/24").orElseThrow().isNetwork()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "::", "::1", "fd77::2", "2001:db8::1:0:0:1", "1:0:2:3:4:5:6:7", "fe80::"})
    void writesAddressesShort(String text) {
        assertThat(IpText.of(Prefix.address(text).orElseThrow())).isEqualTo(text);
    }

    @Test
    void suggestsOnlyWhatIsNear() {
        List<String> keys = List.of("upload", "download", "role", "metered");

        assertThat(Spelling.nearest("uplaod", keys)).contains("upload");
        assertThat(Spelling.nearest("rol", keys)).contains("role");
        assertThat(Spelling.nearest("colour", keys)).isEmpty();
    }

    @Seeded(runs = 200)
    void readsAnyTextWithoutAnException(RandomGenerator random) {
        String alphabet = "[]{}=\"'#.,:/\n\\ \u0000a1-_+é😀";
        var text = new StringBuilder();
        for (int i = random.nextInt(200); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }

        Loaded<TomlDocument> loaded = TomlDocument.parse(java.nio.file.Path.of("a.toml"), text.toString());

        if (loaded instanceof Loaded.Valid<TomlDocument>(var document)) {
            assertThat(ClientConfig.read(document)).isInstanceOf(Loaded.Invalid.class);
            assertThat(ServerConfig.read(document)).isInstanceOf(Loaded.Invalid.class);
        }
        Prefix.parse(text.toString());
        HostPort.parse(text.toString());
    }
}
