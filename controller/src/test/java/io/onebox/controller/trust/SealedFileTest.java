package io.onebox.controller.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SealedFileTest {

    private static final int PIECE = 64 * 1024;
    private static final int HEADER = 32;
    private static final int SEALED_PIECE = PIECE + 16;

    @Test
    void opensWhatItSealed() throws IOException {
        for (int length : new int[] {0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE}) {
            byte[] content = content(length);
            assertThat(open(seal(content), "right")).isEqualTo(content);
        }
    }

    @Test
    void neitherChangedNorCutNorSwapped() throws IOException {
        byte[] sealed = seal(content(3 * PIECE));
        byte[] changed = sealed.clone();
        changed[HEADER + SEALED_PIECE + 5] ^= 1;
        byte[] cut = Arrays.copyOf(sealed, HEADER + 2 * SEALED_PIECE);
        byte[] swapped = sealed.clone();
        System.arraycopy(sealed, HEADER, swapped, HEADER + SEALED_PIECE, SEALED_PIECE);
        System.arraycopy(sealed, HEADER + SEALED_PIECE, swapped, HEADER, SEALED_PIECE);

        for (byte[] wrong : new byte[][] {changed, cut, swapped}) {
            assertThatThrownBy(() -> open(wrong, "right")).isInstanceOf(StateFiles.StateException.class);
        }
        assertThatThrownBy(() -> open(sealed, "wrong")).hasMessageContaining("passphrase is wrong");
        assertThatThrownBy(() -> open("PK and more".getBytes(StandardCharsets.US_ASCII), "right"))
                .hasMessageContaining("not a backup");
    }

    private static byte[] content(int length) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ((i * 31) >> 3);
        }
        return bytes;
    }

    private static byte[] seal(byte[] content) throws IOException {
        var sealed = new ByteArrayOutputStream();
        try (OutputStream out = SealedFile.seal(sealed, "right", new SecureRandom())) {
            out.write(content);
        }
        return sealed.toByteArray();
    }

    private static byte[] open(byte[] sealed, String passphrase) throws IOException {
        try (var in = SealedFile.open(new ByteArrayInputStream(sealed), passphrase)) {
            return in.readAllBytes();
        }
    }
}
