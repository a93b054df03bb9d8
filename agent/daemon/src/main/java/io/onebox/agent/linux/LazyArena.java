package io.onebox.agent.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Native memory that becomes resident page by page, as it is used. An arena of the JDK writes zeros to all of it
/// first, which for pools sized for the busiest hour is memory that an idle agent never needs.
public final class LazyArena implements Arena {

    private final Libc libc;
    private final Arena owner;

    private LazyArena(Libc libc, Arena owner) {
        this.libc = libc;
        this.owner = owner;
    }

    /// Memory that lives as long as somebody refers to it.
    public static LazyArena ofAuto(Libc libc) {
        return new LazyArena(libc, Arena.ofAuto());
    }

    /// Memory that lives until it is closed, for any thread.
    @SuppressWarnings("MustBeClosed") // Closed by this, which the caller closes.
    static LazyArena ofShared(Libc libc) {
        return new LazyArena(libc, Arena.ofShared());
    }

    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        // Large blocks of calloc are fresh pages of the kernel, which are zero without being touched.
        long address = libc.calloc(1, byteSize + byteAlignment);
        if (address == 0) {
            throw new OutOfMemoryError("no " + byteSize + " bytes of native memory");
        }
        long aligned = (address + byteAlignment - 1) & -byteAlignment;
        return MemorySegment.ofAddress(aligned).reinterpret(byteSize, owner, _ -> libc.free(address));
    }

    @Override
    public MemorySegment.Scope scope() {
        return owner.scope();
    }

    @Override
    public void close() {
        owner.close();
    }
}
