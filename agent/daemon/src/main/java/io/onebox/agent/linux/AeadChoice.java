package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.onebox.engine.noise.Aead;
import io.onebox.engine.noise.JceAead;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;

/// The fastest implementation of the AEAD that gives right answers on this machine.
///
/// @param name `libcrypto` or `jdk`, for status and doctor
/// @param reason why not libcrypto, or empty
/// @param factory makes the ciphers
public record AeadChoice(String name, String reason, Aead.Factory factory) {

    private static final String LIBCRYPTO = "libcrypto";
    private static final String JDK = "jdk";

    /// Key, counter, and the first block of plaintext and ciphertext of RFC 8439, appendix A.5. Its nonce has
    /// our form; its associated data, which we never have, changes only the tag.
    private static final String KEY = "1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0";

    private static final long COUNTER = 0x0807060504030201L;
    private static final String PLAINTEXT = "Internet-Drafts are draft documents valid for a maximum of six m";
    private static final String CIPHERTEXT = "64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb2"
            + "4c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf";

    /// Packets to seal and open before traffic; the code is compiled by then (`native-io.md`, section 2).
    private static final int WARM_UP_PACKETS = 20_000;

    private static final Duration WARM_UP_LIMIT = Duration.ofMillis(250);
    private static final int WARM_UP_LENGTH = 256;

    /// libcrypto if it is there and passes the test, or else the JDK's.
    public static AeadChoice choose() {
        try {
            return check(LibcryptoAead.factory(Libcrypto.load()));
        } catch (UnsatisfiedLinkError e) {
            return new AeadChoice(JDK, "cannot load " + Libcrypto.SONAME, JceAead.factory());
        }
    }

    /// The candidate if it gives right answers, or else the JDK's.
    static AeadChoice check(Aead.Factory candidate) {
        try {
            String fault = fault(candidate);
            if (fault.isEmpty()) {
                return new AeadChoice(LIBCRYPTO, "", candidate);
            }
            return new AeadChoice(JDK, Libcrypto.SONAME + " " + fault, JceAead.factory());
        } catch (IllegalStateException e) {
            return new AeadChoice(JDK, Libcrypto.SONAME + ": " + e.getMessage(), JceAead.factory());
        }
    }

    /// Returns what is wrong with a candidate, or nothing. The tag is compared with the JDK's.
    private static String fault(Aead.Factory candidate) {
        byte[] key = HexFormat.of().parseHex(KEY);
        byte[] plaintext = PLAINTEXT.getBytes(StandardCharsets.US_ASCII);
        int sealedLength = plaintext.length + Aead.TAG_LENGTH;
        try (Arena arena = Arena.ofConfined();
                Aead aead = candidate.create(key);
                Aead reference = JceAead.factory().create(key)) {
            MemorySegment text = arena.allocate(plaintext.length);
            MemorySegment sealed = arena.allocate(sealedLength);
            MemorySegment expected = arena.allocate(sealedLength);
            MemorySegment.copy(plaintext, 0, text, JAVA_BYTE, 0, plaintext.length);
            aead.seal(COUNTER, text, 0, plaintext.length, sealed, 0);
            reference.seal(COUNTER, text, 0, plaintext.length, expected, 0);
            String hex = HexFormat.of().formatHex(sealed.toArray(JAVA_BYTE));
            if (!hex.startsWith(CIPHERTEXT) || sealed.mismatch(expected) >= 0) {
                return "seals wrongly";
            }
            boolean authentic = aead.open(COUNTER, sealed, 0, sealedLength, sealed, 0);
            if (!authentic || sealed.asSlice(0, plaintext.length).mismatch(text) >= 0) {
                return "does not open what it sealed";
            }
            expected.set(JAVA_BYTE, 0, (byte) (expected.get(JAVA_BYTE, 0) ^ 1));
            return aead.open(COUNTER, expected, 0, sealedLength, expected, 0) ? "opens what was changed" : "";
        }
    }

    /// Seals and opens until the code is compiled, for a quarter of a second at most, so that the first packets
    /// are not slow.
    ///
    /// @return how many packets
    public int warmUp() {
        long endNs = System.nanoTime() + WARM_UP_LIMIT.toNanos();
        try (Arena arena = Arena.ofConfined();
                Aead aead = factory.create(HexFormat.of().parseHex(KEY))) {
            MemorySegment text = arena.allocate(WARM_UP_LENGTH + Aead.TAG_LENGTH);
            int packets = 0;
            while (packets < WARM_UP_PACKETS && System.nanoTime() < endNs) {
                aead.seal(packets, text, 0, WARM_UP_LENGTH, text, 0);
                aead.open(packets, text, 0, WARM_UP_LENGTH + Aead.TAG_LENGTH, text, 0);
                packets++;
            }
            return packets;
        }
    }
}
