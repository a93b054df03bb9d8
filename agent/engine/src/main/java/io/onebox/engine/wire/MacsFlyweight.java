package io.onebox.engine.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// A movable window over the two MACs that end a handshake initiation and a handshake response.
///
/// ```
///  0                16               32
///  +-----------------+----------------+
///  |      MAC1       |      MAC2      |
///  +-----------------+----------------+
/// ```
///
/// MAC1 covers everything before it, MAC2 everything before it including MAC1.
///
/// Source: WireGuard whitepaper, section 5.4.4.
public final class MacsFlyweight {

    /// Bytes of one MAC.
    public static final int MAC_LENGTH = 16;

    private static final long MAC1_OFFSET = 0;
    private static final long MAC2_OFFSET = MAC1_OFFSET + MAC_LENGTH;

    /// Bytes of both MACs.
    public static final int LENGTH = (int) MAC2_OFFSET + MAC_LENGTH;

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /// Moves the window to the last [#LENGTH] bytes of the message of `length` bytes at `offset`.
    public MacsFlyweight wrapEnd(MemorySegment segment, long offset, int length) {
        this.segment = segment;
        this.offset = offset + length - LENGTH;
        return this;
    }

    /// Copies MAC1 into `target`.
    public void readMac1(byte[] target) {
        MemorySegment.copy(segment, JAVA_BYTE, offset + MAC1_OFFSET, target, 0, MAC_LENGTH);
    }

    /// Copies MAC2 into `target`.
    public void readMac2(byte[] target) {
        MemorySegment.copy(segment, JAVA_BYTE, offset + MAC2_OFFSET, target, 0, MAC_LENGTH);
    }

    public MacsFlyweight mac1(byte[] source) {
        MemorySegment.copy(source, 0, segment, JAVA_BYTE, offset + MAC1_OFFSET, MAC_LENGTH);
        return this;
    }

    public MacsFlyweight mac2(byte[] source) {
        MemorySegment.copy(source, 0, segment, JAVA_BYTE, offset + MAC2_OFFSET, MAC_LENGTH);
        return this;
    }
}
