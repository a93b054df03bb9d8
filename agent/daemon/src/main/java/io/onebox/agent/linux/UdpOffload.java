package io.onebox.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// What the kernel can do for a UDP socket: `include/uapi/linux/udp.h`.
public enum UdpOffload {
    /// Cuts what is sent into datagrams, since Linux 4.18.
    UDP_SEGMENT(103, 0),
    /// Hands over datagrams that follow each other as one, since Linux 5.0.
    UDP_GRO(104, 1);

    /// `SOL_UDP`.
    static final int LEVEL = 17;

    private final int option;
    private final int value;

    UdpOffload(int option, int value) {
        this.option = option;
        this.value = value;
    }

    /// Number of the option and of its control message.
    int option() {
        return option;
    }

    /// What the kernel has.
    public static Set<UdpOffload> ofKernel(Libc libc) {
        int fd = libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.CLOEXEC, 0);
        if (fd < 0) {
            return Set.of();
        }
        Set<UdpOffload> offloads = enable(libc, fd);
        libc.close(fd);
        return offloads;
    }

    /// Enables what the kernel has. Segmentation is asked for with each message, so its option stays 0.
    static Set<UdpOffload> enable(Libc libc, int fd) {
        Set<UdpOffload> enabled = EnumSet.noneOf(UdpOffload.class);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            for (UdpOffload offload : values()) {
                value.set(JAVA_INT, 0, offload.value);
                if (libc.setsockopt(fd, LEVEL, offload.option, value.address(), Integer.BYTES) >= 0) {
                    enabled.add(offload);
                }
            }
        }
        return Collections.unmodifiableSet(enabled);
    }
}
