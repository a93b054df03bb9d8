package io.onebox.engine.noise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.junit.jupiter.api.Test;

/// The primitives give what their documents say they give.
class PublishedVectorsTest {

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    /// RFC 7748, section 5.2, the single vectors.
    @Test
    void multipliesOnTheCurve() {
        assertThat(agree(
                        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"))
                .isEqualTo(hex("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"));
        assertThat(agree(
                        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
                        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493"))
                .isEqualTo(hex("95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"));
    }

    /// RFC 7748, section 5.2, the iterated vectors.
    @Test
    void multipliesOnTheCurveAThousandTimes() {
        byte[] scalar = hex("0900000000000000000000000000000000000000000000000000000000000000");
        byte[] point = scalar.clone();
        for (int i = 1; i <= 1_000; i++) {
            var product = new byte[PublicKey.LENGTH];
            X25519.scalarMult(scalar, 0, point, 0, product, 0);
            point = scalar;
            scalar = product;
            if (i == 1) {
                assertThat(scalar).isEqualTo(hex("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"));
            }
        }
        assertThat(scalar).isEqualTo(hex("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"));
    }

    /// RFC 7748, section 6.1.
    @Test
    void agreesOnASecret() {
        String bob = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
        String alicePublic = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";

        assertThat(new PrivateKey(hex(bob)).publicKey())
                .isEqualTo(new PublicKey(hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")));
        assertThat(agree(bob, alicePublic))
                .isEqualTo(hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"));
    }

    /// RFC 7748, section 6.1: the check for an all-zero secret. The points are 0, 1 and one of order 8.
    @Test
    void refusesPointsOfLowOrder() {
        PrivateKey key = new PrivateKey(hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
        var secret = new byte[PublicKey.LENGTH];

        assertThat(key.agree(hex("00".repeat(32)), secret)).isFalse();
        assertThat(key.agree(hex("01" + "00".repeat(31)), secret)).isFalse();
        assertThat(key.agree(hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"), secret))
                .isFalse();
    }

    private static byte[] agree(String scalar, String point) {
        var product = new byte[PublicKey.LENGTH];
        assertThat(new PrivateKey(hex(scalar)).agree(hex(point), product)).isTrue();
        return product;
    }

    /// RFC 7693, appendix B.
    @Test
    void hashesAbc() {
        var hash = new byte[Blake2s.HASH_LENGTH];

        Blake2s.hash("a".getBytes(UTF_8), "bc".getBytes(UTF_8), hash);

        assertThat(hash).isEqualTo(hex("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"));
    }

    /// RFC 7693, appendix E: a hash over hashes of every kind, keyed and not.
    @Test
    void hashesWhatTheSelfTestHashes() {
        var all = new Blake2sDigest(256);
        for (int outLength : new int[] {16, 20, 28, 32}) {
            for (int inLength : new int[] {0, 3, 64, 65, 255, 1024}) {
                byte[] input = selfTestSequence(inLength, inLength);
                byte[] key = selfTestSequence(outLength, outLength);
                update(all, digest(new Blake2sDigest(outLength * Byte.SIZE), input));
                update(all, digest(new Blake2sDigest(key, outLength, null, null), input));
                if (outLength == Blake2s.MAC_LENGTH) {
                    assertThat(Blake2s.mac(key, input, inLength))
                            .isEqualTo(digest(new Blake2sDigest(key, outLength, null, null), input));
                }
            }
        }

        var hash = new byte[Blake2s.HASH_LENGTH];
        all.doFinal(hash, 0);
        assertThat(hash).isEqualTo(hex("6a411f08ce25adcdfb02aba641451cec53c598b24f4fc787fbdc88797f4c1dfe"));
    }

    private static byte[] digest(Blake2sDigest digest, byte[] input) {
        update(digest, input);
        var hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        return hash;
    }

    private static void update(Blake2sDigest digest, byte[] input) {
        digest.update(input, 0, input.length);
    }

    private static byte[] selfTestSequence(int length, int seed) {
        int a = 0xdead4bad * seed;
        int b = 1;
        var sequence = new byte[length];
        for (int i = 0; i < length; i++) {
            int sum = a + b;
            a = b;
            b = sum;
            sequence[i] = (byte) (sum >>> 24);
        }
        return sequence;
    }

    private static final String SUNSCREEN =
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen"
                    + " would be it.";

    /// RFC 8439, section 2.8.2.
    @Test
    void sealsTheAdviceOfRfc8439() {
        byte[] sealed = SealedBox.seal(
                hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
                hex("070000004041424344454647"),
                SUNSCREEN.getBytes(UTF_8),
                hex("50515253c0c1c2c3c4c5c6c7"));

        assertThat(sealed).isEqualTo(hex("""
                        d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6
                        3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36
                        92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc
                        3ff4def08e4b7a9de576d26586cec64b6116
                        1ae10b594f09e26a7e902ecbd0600691"""));
    }

    /// RFC 8439, appendix A.5.
    @Test
    void opensTheDraftOfRfc8439() {
        byte[] opened = SealedBox.open(
                hex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0"),
                hex("000000000102030405060708"),
                hex("""
                        64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb2
                        4c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf
                        332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c855
                        9797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4
                        b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523e
                        af4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a
                        0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a10
                        49e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29
                        a6ad5cb4022b02709b
                        eead9d67890cbb22392336fea1851f38"""),
                hex("f33388860000000000004e91"));

        assertThat(opened).isNotNull();
        assertThat(new String(opened, UTF_8)).startsWith("Internet-Drafts are draft documents valid for a maximum of");
    }

    /// draft-irtf-cfrg-xchacha-03, appendix A.3.1.
    @Test
    void sealsTheAdviceUnderALongNonce() {
        byte[] key = hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
        byte[] nonce = hex("404142434445464748494a4b4c4d4e4f5051525354555657");
        byte[] associated = hex("50515253c0c1c2c3c4c5c6c7");

        byte[] sealed = SealedBox.sealCookie(key, nonce, SUNSCREEN.getBytes(UTF_8), associated);

        assertThat(sealed).isEqualTo(hex("""
                        bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb
                        731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452
                        2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9
                        21f9664c97637da9768812f615c68b13b52e
                        c0875924c1c7987947deafd8780acf49"""));
        assertThat(SealedBox.openCookie(key, nonce, sealed, associated)).isEqualTo(SUNSCREEN.getBytes(UTF_8));
    }
}
