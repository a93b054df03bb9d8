package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// An array of messages for `recvmmsg` and `sendmmsg`; each has one buffer, an address and control data.
///
/// ```
///  struct mmsghdr                                    struct iovec
///   0  +--------------------------+                   0 +--------------------------+
///      | msg_name                 |---> name            | iov_base                 |---> packet
///   8  +------------+-------------+                   8 +--------------------------+
///      | namelen    |             |                     | iov_len                  |
///  16  +------------+-------------+                  16 +--------------------------+
///      | msg_iov                  |---> struct iovec
///  24  +--------------------------+
///      | msg_iovlen = 1           |                  struct cmsghdr
///  32  +--------------------------+                   0 +--------------------------+
///      | msg_control              |---> control         | cmsg_len, data included  |
///  40  +--------------------------+                   8 +------------+-------------+
///      | msg_controllen           |                     | cmsg_level | cmsg_type   |
///  48  +------------+-------------+                  16 +------------+-------------+
///      | msg_flags  |             |                     | data, padded to 8 bytes  |
///  56  +------------+-------------+                     +--------------------------+
///      | msg_len    |             |
///  64  +------------+-------------+
/// ```
///
/// Names and control data are written by an [AddressFormat].
final class MessageVector {

    /// Bytes of room for the address of a message: a `sockaddr_in6` (28) and padding.
    static final int NAME_ROOM = 32;

    /// Bytes of room for the control data of a message: one `in6_pktinfo` needs 40.
    static final int CONTROL_ROOM = 64;

    /// Bytes in front of the data of a `cmsghdr`.
    static final int CONTROL_HEADER_LENGTH = 16;

    private static final int NAME_OFFSET = 0;
    private static final int NAME_LENGTH_OFFSET = NAME_OFFSET + Long.BYTES;
    private static final int IOV_OFFSET = NAME_LENGTH_OFFSET + Long.BYTES;
    private static final int IOV_LENGTH_OFFSET = IOV_OFFSET + Long.BYTES;
    private static final int CONTROL_OFFSET = IOV_LENGTH_OFFSET + Long.BYTES;
    private static final int CONTROL_LENGTH_OFFSET = CONTROL_OFFSET + Long.BYTES;
    private static final int FLAGS_OFFSET = CONTROL_LENGTH_OFFSET + Long.BYTES;
    private static final int LENGTH_OFFSET = FLAGS_OFFSET + Long.BYTES;
    private static final int HEADER_LENGTH = LENGTH_OFFSET + Long.BYTES;

    private static final int IOV_BYTES = 2 * Long.BYTES;

    private final MemorySegment headers;
    private final MemorySegment buffers;
    private final MemorySegment names;
    private final MemorySegment controls;

    /// Creates `count` messages without buffers, in memory that lives as long as `arena`.
    MessageVector(Arena arena, int count) {
        this.headers = arena.allocate((long) count * HEADER_LENGTH, Long.BYTES);
        this.buffers = arena.allocate((long) count * IOV_BYTES, Long.BYTES);
        this.names = arena.allocate((long) count * NAME_ROOM, Long.BYTES);
        this.controls = arena.allocate((long) count * CONTROL_ROOM, Long.BYTES);
        for (int i = 0; i < count; i++) {
            headers.set(JAVA_LONG, at(i) + NAME_OFFSET, names.address() + nameOffset(i));
            headers.set(JAVA_LONG, at(i) + IOV_OFFSET, buffers.address() + (long) i * IOV_BYTES);
            headers.set(JAVA_LONG, at(i) + IOV_LENGTH_OFFSET, 1);
            headers.set(JAVA_LONG, at(i) + CONTROL_OFFSET, controls.address() + controlOffset(i));
        }
    }

    /// Native address of message `index`.
    long address(int index) {
        return headers.address() + at(index);
    }

    /// The addresses of all messages; that of one starts at [#nameOffset].
    MemorySegment names() {
        return names;
    }

    long nameOffset(int index) {
        return (long) index * NAME_ROOM;
    }

    /// The control data of all messages; that of one starts at [#controlOffset].
    MemorySegment controls() {
        return controls;
    }

    long controlOffset(int index) {
        return (long) index * CONTROL_ROOM;
    }

    /// Sets the buffer of a message.
    void buffer(int index, long address, long length) {
        buffers.set(JAVA_LONG, (long) index * IOV_BYTES, address);
        buffers.set(JAVA_LONG, (long) index * IOV_BYTES + Long.BYTES, length);
    }

    /// Sets how many bytes of address and control data a message has, or may receive.
    void lengths(int index, int nameLength, int controlLength) {
        headers.set(JAVA_INT, at(index) + NAME_LENGTH_OFFSET, nameLength);
        headers.set(JAVA_LONG, at(index) + CONTROL_LENGTH_OFFSET, controlLength);
    }

    /// Bytes of control data: received, or to be sent.
    int controlLength(int index) {
        return (int) headers.get(JAVA_LONG, at(index) + CONTROL_LENGTH_OFFSET);
    }

    /// Flags of a received message.
    int flags(int index) {
        return headers.get(JAVA_INT, at(index) + FLAGS_OFFSET);
    }

    /// Bytes received into the buffer of a message.
    int length(int index) {
        return headers.get(JAVA_INT, at(index) + LENGTH_OFFSET);
    }

    private static long at(int index) {
        return (long) index * HEADER_LENGTH;
    }
}
