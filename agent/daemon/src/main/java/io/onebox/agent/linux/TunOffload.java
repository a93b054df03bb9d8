package io.onebox.agent.linux;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the kernel can leave to us, or do for us, at a TUN device: `TUN_F_…` of `include/uapi/linux/if_tun.h`.
public enum TunOffload {
    /// Checksums may be partial; all others need it.
    CHECKSUM(0x01),
    /// TCP in pieces of 64 KiB.
    TCP(0x02 | 0x04),
    /// UDP in pieces of 64 KiB, since Linux 6.2.
    UDP(0x20 | 0x40);

    private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*");

    private final long flags;

    TunOffload(long flags) {
        this.flags = flags;
    }

    /// Whether a kernel has [#UDP], by its release, such as `6.1.0-18-amd64`; only opening a device can prove it.
    public static boolean isUdpIn(String release) {
        Matcher numbers = RELEASE.matcher(release);
        if (!numbers.matches()) {
            return false;
        }
        int major = Integer.parseInt(numbers.group(1));
        return major > 6 || (major == 6 && Integer.parseInt(numbers.group(2)) >= 2);
    }

    /// Enables as many as the kernel takes, in their order.
    ///
    /// @param request asks the kernel for flags, and says whether it took them
    static Set<TunOffload> enable(LongPredicate request) {
        Set<TunOffload> enabled = EnumSet.noneOf(TunOffload.class);
        long flags = 0;
        for (TunOffload offload : values()) {
            if (!request.test(flags | offload.flags)) {
                break;
            }
            flags |= offload.flags;
            enabled.add(offload);
        }
        return Collections.unmodifiableSet(enabled);
    }
}
