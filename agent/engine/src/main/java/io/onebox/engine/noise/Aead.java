package io.onebox.engine.noise;

import java.lang.foreign.MemorySegment;

/// ChaCha20-Poly1305 under one key, without associated data, as WireGuard's transport messages use it
/// (RFC 8439, section 2.8; the nonce is four zero bytes and the counter, little endian).
///
/// Source and target may be the same place, and must not overlap otherwise. Confined to one thread.
public interface Aead extends AutoCloseable {

    /// Bytes of the tag behind the sealed text.
    int TAG_LENGTH = 16;

    /// Bytes of a key.
    int KEY_LENGTH = 32;

    /// Seals `length` bytes at `source` into `length + TAG_LENGTH` bytes at `target`.
    void seal(
            long counter, MemorySegment source, long sourceOffset, int length, MemorySegment target, long targetOffset);

    /// Opens `sealedLength` bytes at `source` into `sealedLength - TAG_LENGTH` bytes at `target`.
    ///
    /// @return whether the text is authentic; if not, the content of the target is undefined
    boolean open(
            long counter,
            MemorySegment source,
            long sourceOffset,
            int sealedLength,
            MemorySegment target,
            long targetOffset);

    /// Erases the key. Nothing may be sealed or opened afterwards.
    @Override
    void close();

    /// Makes an [Aead] for a key.
    @FunctionalInterface
    interface Factory {
        /// Takes a copy of the 32 bytes of `key`.
        Aead create(byte[] key);
    }
}
