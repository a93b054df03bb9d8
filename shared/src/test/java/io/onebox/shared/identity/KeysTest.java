package io.onebox.shared.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.Seeded;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class KeysTest {

    private static final Instant FROM = Instant.ofEpochSecond(1_000);
    private static final Instant UNTIL = Instant.ofEpochSecond(2_000);

    /// RFC 8032, section 7.1, test 2.
    @Test
    void agreesWithTheStandard() {
        byte[] seed = hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");

        SigningKey key = SigningKey.ofSeed(seed);

        assertThat(key.verifyKey().bytes())
                .isEqualTo(hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
        assertThat(key.sign(hex("72")).array())
                .isEqualTo(hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"));
    }

    @Seeded
    void verifiesWhatWasSignedAndNothingElse(RandomGenerator random) {
        SigningKey key = key(random);
        var message = new byte[1 + random.nextInt(50)];
        random.nextBytes(message);
        Bytes signature = key.sign(message);

        assertThat(key.verifyKey().verifies(message, signature)).isTrue();

        message[random.nextInt(message.length)] ^= (byte) (1 << random.nextInt(8));
        assertThat(key.verifyKey().verifies(message, signature)).isFalse();
        assertThat(key(random).verifyKey().verifies(message, key.sign(message))).isFalse();
    }

    @Seeded
    void agreesWithTheJdk(RandomGenerator random) throws GeneralSecurityException {
        SigningKey key = key(random);
        var message = new byte[random.nextInt(1_000)];
        random.nextBytes(message);
        var signer = Signature.getInstance(VerifyKey.ALGORITHM);
        signer.initSign(key.privateKey());
        signer.update(message);
        byte[] signature = signer.sign();

        assertThat(key.sign(message).array()).isEqualTo(signature);
        assertThat(key.verifyKey().verifies(message, Bytes.of(signature))).isTrue();
    }

    /// Under the neutral point as a key, anything would be signed by the same few bytes (RFC 8032, section 5.1.7).
    @Test
    void aKeyOfSmallOrderVouchesForNothing() {
        var neutral = new byte[VerifyKey.LENGTH];
        neutral[0] = 1;
        var signature = new byte[VerifyKey.SIGNATURE_LENGTH];
        signature[0] = 1;

        assertThat(VerifyKey.of(neutral).orElseThrow().verifies(hex("72"), Bytes.of(signature)))
                .isFalse();
    }

    @Seeded
    void survivesAnyKeyAndAnySignature(RandomGenerator random) {
        var bytes = new byte[VerifyKey.LENGTH];
        random.nextBytes(bytes);
        var signature = new byte[random.nextInt(100)];
        random.nextBytes(signature);

        assertThat(VerifyKey.of(bytes).orElseThrow().verifies(bytes, Bytes.of(signature)))
                .isFalse();
    }

    @Test
    void goesThroughCertificatesUnchanged() throws GeneralSecurityException {
        VerifyKey key = key(RandomGenerator.getDefault()).verifyKey();

        assertThat(VerifyKey.ofSpki(key.publicKey().getEncoded())).contains(key);
        assertThat(VerifyKey.parse(key.toString())).contains(key);
        assertThat(VerifyKey.ofSpki(new byte[44])).isEmpty();
    }

    @Test
    void isReadAsFourWords() {
        byte[] bytes = new byte[Digests.LENGTH];
        System.arraycopy(hex("7f0000013f54dcc1"), 0, bytes, 0, 8);

        // The examples of arXiv:0901.4016: 127.0.0.1 and 63.84.220.193.
        assertThat(new Fingerprint(Bytes.of(bytes)).words()).isEqualTo("lusab-babad-gutih-tugad");
    }

    @Test
    void neverShowsAPrivateKey() {
        SigningKey key = key(RandomGenerator.getDefault());

        assertThat(key).hasToString("SigningKey[redacted]");
    }

    @Test
    void onlyTheRootVouchesForASigner() {
        SigningKey root = key(RandomGenerator.getDefault());
        VerifyKey signer = key(RandomGenerator.getDefault()).verifyKey();
        SignerCertificate certificate = SignerCertificate.issue(root, signer, FROM, UNTIL);

        assertThat(certificate.isOf(root.verifyKey())).isTrue();
        assertThat(certificate.isOf(signer)).isFalse();
        assertThat(new SignerCertificate(signer, FROM, UNTIL.plusSeconds(1), certificate.signature())
                        .isOf(root.verifyKey()))
                .isFalse();
        assertThat(certificate.isValidAt(FROM)).isTrue();
        assertThat(certificate.isValidAt(UNTIL)).isFalse();
    }

    @Test
    void fieldsOfATranscriptDoNotRunIntoEachOther() {
        assertThat(Transcript.of("p").add("ab").add("c").bytes())
                .isNotEqualTo(Transcript.of("p").add("a").add("bc").bytes());
        assertThat(new String(Transcript.of("p").bytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo("\0\0\0\1p");
    }

    private static SigningKey key(RandomGenerator random) {
        var seed = new byte[VerifyKey.LENGTH];
        random.nextBytes(seed);
        return SigningKey.ofSeed(seed);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
