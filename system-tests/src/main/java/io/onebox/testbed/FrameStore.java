package io.onebox.testbed;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Memory for the frames on their way, cut into slots of equal size and shared by all links. A slot has one
/// owner; the slot released last is taken first, so that a quiet emulator touches little memory. Confined to
/// one thread.
final class FrameStore {

    /// Bytes of a slot: an Ethernet frame of 1514 bytes and room for a bigger MTU.
    static final int SLOT = 2048;

    /// No slot is free.
    static final int NONE = -1;

    // Offsets of the IP header: everything before the payload of UDP over IPv6 stays as it is.
    private static final int PAYLOAD = Tap.ETHERNET_HEADER + 40 + 8;

    private final MemorySegment memory;
    private final long address;
    private final int[] free;
    private int available;

    FrameStore(int slots) {
        memory = Arena.ofAuto().allocate((long) slots * SLOT, SLOT);
        address = memory.address();
        free = new int[slots];
        for (int i = 0; i < slots; i++) {
            free[i] = slots - 1 - i;
        }
        available = slots;
    }

    /// Takes a slot, or [#NONE].
    int acquire() {
        return available == 0 ? NONE : free[--available];
    }

    void release(int slot) {
        free[available++] = slot;
    }

    /// Where the frame of a slot begins.
    long address(int slot) {
        return address + (long) slot * SLOT;
    }

    /// Copies a frame into another slot.
    void copy(int slot, int length, int target) {
        MemorySegment.copy(memory, (long) slot * SLOT, memory, (long) target * SLOT, length);
    }

    /// Changes the payload so that IP and UDP checksums stay right and only the receiver's cipher notices: two
    /// different 16-bit words change places.
    void corrupt(int slot, int length) {
        long start = (long) slot * SLOT;
        int last = length - Short.BYTES & ~1;
        for (int offset = PAYLOAD; offset + Short.BYTES <= last; offset += Short.BYTES) {
            short word = memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, start + offset);
            short other = memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, start + last - Short.BYTES);
            if (word != other) {
                memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, start + offset, other);
                memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, start + last - Short.BYTES, word);
                return;
            }
        }
    }
}
