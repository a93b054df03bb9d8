package io.onebox.engine.session;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.onebox.engine.noise.Aead;
import java.lang.foreign.MemorySegment;

/// A cipher that hides nothing and allocates nothing; its tag is the counter.
final class PlainAead implements Aead {

    @Override
    public void seal(
            long counter,
            MemorySegment source,
            long sourceOffset,
            int length,
            MemorySegment target,
            long targetOffset) {
        MemorySegment.copy(source, sourceOffset, target, targetOffset, length);
        target.set(JAVA_LONG_UNALIGNED, targetOffset + length, counter);
        target.set(JAVA_LONG_UNALIGNED, targetOffset + length + Long.BYTES, 0);
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
        boolean authentic = source.get(JAVA_LONG_UNALIGNED, sourceOffset + length) == counter;
        MemorySegment.copy(source, sourceOffset, target, targetOffset, length);
        return authentic;
    }

    @Override
    public void close() {
        // There is no key to erase.
    }
}
