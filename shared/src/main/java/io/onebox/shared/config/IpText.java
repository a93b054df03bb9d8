package io.onebox.shared.config;

import java.net.Inet4Address;
import java.net.InetAddress;

/// Addresses as people write them: IPv6 with its longest run of zeros left out (RFC 5952, section 4).
public final class IpText {

    private static final int GROUPS = 8;
    private static final int SHORTEST_RUN = 2;

    private IpText() {}

    /// `10.77.0.2` or `fd77::2`.
    public static String of(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = ((bytes[2 * i] & 0xff) << Byte.SIZE) | (bytes[2 * i + 1] & 0xff);
        }
        int start = longestRun(groups);
        var text = new StringBuilder();
        int i = 0;
        while (i < GROUPS) {
            if (i == start) {
                text.append("::");
                i += runFrom(groups, i);
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
                i++;
            }
        }
        return text.toString();
    }

    /// Where the first of the longest runs of zeros begins, or -1 if none is long enough.
    private static int longestRun(int[] groups) {
        int best = -1;
        int length = SHORTEST_RUN - 1;
        for (int i = 0; i < GROUPS; i++) {
            int run = runFrom(groups, i);
            if (run > length) {
                best = i;
                length = run;
            }
        }
        return best;
    }

    private static int runFrom(int[] groups, int start) {
        int i = start;
        while (i < GROUPS && groups[i] == 0) {
            i++;
        }
        return i - start;
    }
}
