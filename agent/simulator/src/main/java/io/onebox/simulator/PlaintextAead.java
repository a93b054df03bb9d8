package io.onebox.simulator;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.onebox.engine.noise.Aead;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A cipher that hides nothing. Its tag is a checksum over key, counter and text, so that what is
/// corrupted, replayed under another counter or sealed under another key is not authentic here either.
public final class PlaintextAead implements Aead {

    private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;

    private long key;

    /// An [Aead] for a key of 32 bytes.
    public PlaintextAead(byte[] key) {
        this.key = Arrays.hashCode(key) * MULTIPLIER ^ ByteBuffer.wrap(key).getLong();
    }

    @Override
    public void seal(
            long counter,
            MemorySegment source,
            long sourceOffset,
            int length,
            MemorySegment target,
            long targetOffset) {
        long tag = checksum(counter, source, sourceOffset, length);
        if (!source.equals(target) || sourceOffset != targetOffset) {
            MemorySegment.copy(source, sourceOffset, target, targetOffset, length);
        }
        target.set(JAVA_LONG_UNALIGNED, targetOffset + length, tag);
        target.set(JAVA_LONG_UNALIGNED, targetOffset + length + Long.BYTES, ~tag);
    }

    @Override
    public boolean open(
            long counter,
            MemorySegment source,
            long sourceOffset,
            int sealedLength,
            MemorySegment target,
            long targetOffset) {
        int length = sealedLength - TAG_LENGTH;
        long tag = checksum(counter, source, sourceOffset, length);
        if (source.get(JAVA_LONG_UNALIGNED, sourceOffset + length) != tag
                || source.get(JAVA_LONG_UNALIGNED, sourceOffset + length + Long.BYTES) != ~tag) {
            return false;
        }
        if (!source.equals(target) || sourceOffset != targetOffset) {
            MemorySegment.copy(source, sourceOffset, target, targetOffset, length);
        }
        return true;
    }

    @Override
    public void close() {
        key = 0;
    }

    private long checksum(long counter, MemorySegment text, long offset, int length) {
        long sum = key ^ counter * MULTIPLIER;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            sum = (sum ^ text.get(JAVA_LONG_UNALIGNED, offset + i)) * MULTIPLIER;
        }
        for (; i < length; i++) {
            sum = (sum ^ text.get(JAVA_BYTE, offset + i)) * MULTIPLIER;
        }
        return sum;
    }
}
