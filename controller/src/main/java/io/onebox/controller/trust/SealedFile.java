package io.onebox.controller.trust;

import io.onebox.shared.identity.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A file sealed with a passphrase, of any length: pieces of 64 KiB, each sealed with AES-256-GCM.
///
/// ```
/// "onebox-sealed-1\n" · salt (16) · piece · piece · … · last piece
/// ```
///
/// The key comes from passphrase and salt by [Argon2id]. The nonce of a piece is its number and whether it is the last,
/// so pieces cannot be swapped, taken out or cut off.
///
/// Source: the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, as age uses it.
public final class SealedFile {

    private static final byte[] MAGIC = "onebox-sealed-1\n".getBytes(StandardCharsets.US_ASCII);
    private static final Argon2id ARGON2ID = new Argon2id(64 * 1024, 3);
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int PIECE = 64 * 1024;
    private static final int TAG = 16;
    private static final int NONCE_LENGTH = 12;

    private SealedFile() {}

    /// Seals what is written; the file is whole only once this is closed.
    public static OutputStream seal(OutputStream to, String passphrase, SecureRandom random) throws IOException {
        byte[] salt = Bytes.random(random, Argon2id.SALT_LENGTH).array();
        to.write(MAGIC);
        to.write(salt);
        return new Sealing(to, new Pieces(passphrase, salt));
    }

    /// Opens what [#seal] made. Reading fails with [StateFiles.StateException] if the passphrase is another or the file
    /// was changed or cut off.
    public static InputStream open(InputStream from, String passphrase) throws IOException {
        byte[] magic = from.readNBytes(MAGIC.length);
        byte[] salt = from.readNBytes(Argon2id.SALT_LENGTH);
        if (!Arrays.equals(magic, MAGIC) || salt.length < Argon2id.SALT_LENGTH) {
            throw new StateFiles.StateException("this is not a backup of onebox-controller");
        }
        return new Opening(from, new Pieces(passphrase, salt));
    }

    /// The pieces of one file, one after the other.
    private static final class Pieces {
        private final SecretKeySpec key;
        private long number;

        Pieces(String passphrase, byte[] salt) {
            key = new SecretKeySpec(ARGON2ID.derive(passphrase, salt).array(), "AES");
        }

        byte[] next(int mode, byte[] bytes, boolean isLast) {
            byte[] nonce = ByteBuffer.allocate(NONCE_LENGTH)
                    .putLong(number)
                    .putInt(isLast ? 1 : 0)
                    .array();
            number++;
            try {
                Cipher cipher = Cipher.getInstance(CIPHER);
                cipher.init(mode, key, new GCMParameterSpec(TAG * Byte.SIZE, nonce));
                return cipher.doFinal(bytes);
            } catch (GeneralSecurityException _) {
                throw new StateFiles.StateException("the passphrase is wrong, or the file was changed or cut off");
            }
        }
    }

    private static final class Sealing extends OutputStream {
        private final OutputStream to;
        private final Pieces pieces;
        private final ByteArrayOutputStream waiting = new ByteArrayOutputStream(PIECE);
        private boolean isClosed;

        Sealing(OutputStream to, Pieces pieces) {
            this.to = to;
            this.pieces = pieces;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            int left = length;
            while (left > 0) {
                if (waiting.size() == PIECE) {
                    flushPiece(false);
                }
                int now = Math.min(left, PIECE - waiting.size());
                waiting.write(bytes, from, now);
                from += now;
                left -= now;
            }
        }

        private void flushPiece(boolean isLast) throws IOException {
            to.write(pieces.next(Cipher.ENCRYPT_MODE, waiting.toByteArray(), isLast));
            waiting.reset();
        }

        @Override
        public void close() throws IOException {
            if (!isClosed) {
                isClosed = true;
                flushPiece(true);
                to.close();
            }
        }
    }

    private static final class Opening extends InputStream {
        private final InputStream from;
        private final Pieces pieces;
        private byte[] piece = new byte[0];
        private byte[] ahead;
        private int at;
        private boolean isLast;

        Opening(InputStream from, Pieces pieces) throws IOException {
            this.from = from;
            this.pieces = pieces;
            this.ahead = from.readNBytes(PIECE + TAG);
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            while (at == piece.length) {
                if (isLast) {
                    return -1;
                }
                nextPiece();
            }
            int now = Math.min(length, piece.length - at);
            System.arraycopy(piece, at, bytes, offset, now);
            at += now;
            return now;
        }

        private void nextPiece() throws IOException {
            if (ahead.length < TAG) {
                throw new EOFException("the backup ends too early");
            }
            byte[] sealed = ahead;
            ahead = from.readNBytes(PIECE + TAG);
            isLast = ahead.length == 0;
            piece = pieces.next(Cipher.DECRYPT_MODE, sealed, isLast);
            at = 0;
        }

        @Override
        public void close() throws IOException {
            from.close();
        }
    }
}
