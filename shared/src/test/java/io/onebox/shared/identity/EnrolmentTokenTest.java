package io.onebox.shared.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.shared.identity.EnrolmentToken.Parsed;
import io.onebox.testing.Seeded;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnrolmentTokenTest {

    private static final Fingerprint PIN = new Fingerprint(Bytes.of(new byte[Digests.LENGTH]));

    @Seeded
    void readsWhatItWrote(RandomGenerator random) {
        EnrolmentToken token = token(random, "https://controller.example.net:8443", "https://192.0.2.1:8443");

        EnrolmentToken read = valid(" " + token.text() + "\n");

        assertThat(read).isEqualTo(token);
        assertThat(read.role()).isEqualTo(token.role());
        assertThat(read.isBehindProxy()).isEqualTo(token.isBehindProxy());
        assertThat(read.id()).isEqualTo(token.id()).matches("[0-9a-f]{16}");
        assertThat(read.pin()).isEqualTo(token.pin());
        assertThat(read.urls()).isEqualTo(token.urls());
        assertThat(read.verifier()).isEqualTo(token.verifier());
    }

    @Test
    void fitsALineAndAQrCode() {
        String url = "https://a-controller.example.net:8443/xy";
        assertThat(url).hasSize(40);

        assertThat(token(RandomGenerator.of("L64X128MixRandom"), url).text()).hasSizeLessThanOrEqualTo(170);
    }

    @Seeded
    void findsEveryWrongCharacter(RandomGenerator random) {
        String text = token(random, "https://controller.example.net:8443").text();
        int at = random.nextInt(text.length());
        char other = text.charAt(at) == 'x' ? 'y' : 'x';

        assertThat(EnrolmentToken.parse(text.substring(0, at) + other + text.substring(at + 1)))
                .isInstanceOf(Parsed.Malformed.class);
        assertThat(EnrolmentToken.parse(text.substring(0, at) + text.substring(at + 1)))
                .isInstanceOf(Parsed.Malformed.class);
    }

    @Seeded(runs = 1000)
    void neverThrowsAndNeverRepeatsWhatItWasGiven(RandomGenerator random) {
        var payload = new byte[random.nextInt(120)];
        random.nextBytes(payload);
        if (payload.length > 2) {
            payload[0] = 1;
            payload[1] &= 3;
        }
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(payload);

        Parsed parsed = EnrolmentToken.parse("obe1_" + secret + "_" + checksum(payload));

        if (parsed instanceof Parsed.Malformed(String problem) && secret.length() > 8) {
            assertThat(problem).doesNotContain(secret);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://a.example", "https://", "https://u@a.example", "https://a.example?q", "ftp://a", ""})
    void takesOnlyPlainHttps(String url) {
        assertThat(EnrolmentToken.isAcceptable(url)).isFalse();
        assertThatThrownBy(() -> token(RandomGenerator.getDefault(), url)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void doesNotShowItsSecret() {
        EnrolmentToken token = token(RandomGenerator.getDefault(), "https://a.example");

        assertThat(token.toString()).isEqualTo("EnrolmentToken[" + token.id() + "]");
    }

    private static EnrolmentToken token(RandomGenerator random, String... urls) {
        var id = new byte[EnrolmentToken.ID_LENGTH];
        var secret = new byte[EnrolmentToken.SECRET_LENGTH];
        random.nextBytes(id);
        random.nextBytes(secret);
        AgentRole role = random.nextBoolean() ? AgentRole.CLIENT : AgentRole.SERVER;
        List<URI> parsed = List.of(urls).stream().map(URI::create).toList();
        return new EnrolmentToken(role, random.nextBoolean(), Bytes.of(id), Bytes.of(secret), PIN, parsed);
    }

    private static EnrolmentToken valid(String text) {
        return switch (EnrolmentToken.parse(text)) {
            case Parsed.Valid(var token) -> token;
            case Parsed.Malformed(var problem) -> throw new AssertionError(problem);
        };
    }

    private static String checksum(byte[] payload) {
        var crc = new java.util.zip.CRC32();
        crc.update(payload);
        String digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        var text = new StringBuilder();
        for (long rest = crc.getValue(); text.length() < 6; rest /= 62) {
            text.insert(0, digits.charAt((int) (rest % 62)));
        }
        return text.toString();
    }
}
