package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.onebox.engine.path.Shard;
import io.onebox.engine.wire.MessageType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Tells the kernel which of several sockets on one port gets a datagram: that of the shard which gave out its receiver
/// index, wherever the datagram comes from; an initiation has none and goes to the door.
///
/// ```
///   type 4, 3:  number = byte 4 % shards        (the index is little endian: its low byte comes first)
///   type 2:     number = byte 8 % shards
///   other:      number = 0
/// ```
///
/// A program of classic BPF (`SO_ATTACH_REUSEPORT_CBPF`, Linux 4.5). Where the kernel has none, it chooses by a hash of
/// the addresses, and shards hand over to each other what is not theirs.
final class SteeringFilter {

    private static final int SO_ATTACH_REUSEPORT_CBPF = 51;

    /// Where the receiver index is in transport messages and cookie replies, and in responses.
    private static final int INDEX_OFFSET = 4;

    private static final int INDEX_OFFSET_OF_RESPONSE = 8;

    private static final int LOAD_BYTE = 0x30;
    private static final int JUMP = 0x05;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int MODULO = 0x94;
    private static final int RETURN = 0x06;
    private static final int RETURN_RESULT = 0x16;

    /// `struct sock_filter`: code (2), jump if true (1), jump if false (1), operand (4).
    private static final int INSTRUCTION_LENGTH = 8;

    private static final int INSTRUCTIONS = 10;

    /// `struct sock_fprog`: number of instructions (2), padding to the alignment of an address, their address.
    private static final long PROGRAM_ADDRESS_OFFSET = ADDRESS.byteAlignment();

    private static final long PROGRAM_LENGTH = PROGRAM_ADDRESS_OFFSET + ADDRESS.byteSize();

    private final MemorySegment code;
    private int count;

    private SteeringFilter(Arena arena) {
        this.code = arena.allocate((long) INSTRUCTIONS * INSTRUCTION_LENGTH, Long.BYTES);
    }

    /// Gives the filter to all sockets that share the port of `socket`.
    ///
    /// @return whether the kernel took it
    static boolean attach(Libc libc, int socket, int shards) {
        try (Arena arena = Arena.ofConfined()) {
            var filter = new SteeringFilter(arena);
            filter.add(LOAD_BYTE, 0, 0, 0);
            filter.add(JUMP_IF_EQUAL, 3, 0, MessageType.TRANSPORT);
            filter.add(JUMP_IF_EQUAL, 2, 0, MessageType.COOKIE_REPLY);
            filter.add(JUMP_IF_EQUAL, 3, 0, MessageType.RESPONSE);
            filter.add(RETURN, 0, 0, Shard.DOOR);
            filter.add(LOAD_BYTE, 0, 0, INDEX_OFFSET);
            filter.add(JUMP, 0, 0, 1);
            filter.add(LOAD_BYTE, 0, 0, INDEX_OFFSET_OF_RESPONSE);
            filter.add(MODULO, 0, 0, shards);
            filter.add(RETURN_RESULT, 0, 0, 0);
            MemorySegment program = arena.allocate(PROGRAM_LENGTH, Long.BYTES);
            program.set(JAVA_SHORT, 0, (short) filter.count);
            program.set(ADDRESS, PROGRAM_ADDRESS_OFFSET, filter.code);
            return libc.setsockopt(
                            socket, Libc.SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, program.address(), (int) PROGRAM_LENGTH)
                    == 0;
        }
    }

    private void add(int operation, int jumpIfTrue, int jumpIfFalse, int operand) {
        long at = (long) count++ * INSTRUCTION_LENGTH;
        code.set(JAVA_SHORT, at, (short) operation);
        code.set(JAVA_BYTE, at + 2, (byte) jumpIfTrue);
        code.set(JAVA_BYTE, at + 3, (byte) jumpIfFalse);
        code.set(JAVA_INT, at + 4, operand);
    }
}
