package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// An array of messages for `recvmmsg` and `sendmmsg`; each has an address, control data, and one buffer of its own or
/// several of an [IoVector].
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
///      | msg_iovlen               |                  struct cmsghdr
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

    /// Bytes of room for the control data of a message: `in6_pktinfo` needs 40, `UDP_SEGMENT` or `UDP_GRO` 24,
    /// a `timespec` 32, ECN 24.
    static final int CONTROL_ROOM = 120;

    /// What [#control] returns if there is none.
    static final long NONE = -1;

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

    /// Lets a message have `count` buffers, which start at piece `first` of `pieces`.
    void gather(int index, IoVector pieces, int first, int count) {
        headers.set(JAVA_LONG, at(index) + IOV_OFFSET, pieces.address(first));
        headers.set(JAVA_LONG, at(index) + IOV_LENGTH_OFFSET, count);
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

    /// Appends the header of a control message to a message to send.
    ///
    /// @return where in [#controls] its data goes
    long addControl(int index, int level, int type, int dataLength) {
        int used = controlLength(index);
        long at = controlOffset(index) + used;
        controls.set(JAVA_LONG, at, CONTROL_HEADER_LENGTH + dataLength);
        controls.set(JAVA_INT, at + Long.BYTES, level);
        controls.set(JAVA_INT, at + Long.BYTES + Integer.BYTES, type);
        headers.set(JAVA_LONG, at(index) + CONTROL_LENGTH_OFFSET, used + CONTROL_HEADER_LENGTH + padded(dataLength));
        return at + CONTROL_HEADER_LENGTH;
    }

    /// Where in [#controls] the data of a received control message is, or [#NONE].
    long control(int index, int level, int type, int dataLength) {
        long at = controlOffset(index);
        long end = at + controlLength(index);
        while (at + CONTROL_HEADER_LENGTH <= end) {
            long length = controls.get(JAVA_LONG, at);
            if (controls.get(JAVA_INT, at + Long.BYTES) == level
                    && controls.get(JAVA_INT, at + Long.BYTES + Integer.BYTES) == type
                    && length >= CONTROL_HEADER_LENGTH + dataLength) {
                return at + CONTROL_HEADER_LENGTH;
            }
            at += Math.max(CONTROL_HEADER_LENGTH, padded(length));
        }
        return NONE;
    }

    private static long padded(long length) {
        return (length + Long.BYTES - 1) & -Long.BYTES;
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
