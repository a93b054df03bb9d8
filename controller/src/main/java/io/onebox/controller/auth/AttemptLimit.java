package io.onebox.controller.auth;

import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.Bytes;
import java.net.Inet4Address;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// So many attempts in so much time, for each key. Remembers a bounded number of keys; forgets the oldest.
public final class AttemptLimit {

    private static final int MAX_KEYS = 10_000;

    /// What a line gets at least (RFC 6177, section 2), and what one machine has all addresses of.
    private static final int IPV6_NETWORK_BYTES = 8;

    private final int attempts;
    private final Duration window;
    private final InstantSource clock;
    private final Map<String, Count> counts = new LinkedHashMap<>();

    private record Count(Instant since, int used) {}

    public AttemptLimit(int attempts, Duration window, InstantSource clock) {
        this.attempts = attempts;
        this.window = window;
        this.clock = clock;
    }

    /// What may all be one machine's: of IPv4 the address, of IPv6 the 64 bits that are the network's, for a machine
    /// takes whichever address it likes behind them (RFC 4291, section 2.5.1).
    public static String machine(String address) {
        return network(address, 4);
    }

    /// What may all be one person's: of IPv4 256 addresses, of IPv6 what one line gets.
    public static String neighbourhood(String address) {
        return network(address, 3);
    }

    private static String network(String address, int ipv4Bytes) {
        return Prefix.address(address)
                .map(found -> Arrays.copyOf(
                        found.getAddress(), found instanceof Inet4Address ? ipv4Bytes : IPV6_NETWORK_BYTES))
                .map(bytes -> Bytes.of(bytes).hex())
                .orElse(address);
    }

    /// Counts an attempt.
    ///
    /// @return whether it may be made
    public synchronized boolean tryUse(String key) {
        if (!isOpen(key)) {
            return false;
        }
        Count count = counts.getOrDefault(key, new Count(clock.instant(), 0));
        if (counts.size() >= MAX_KEYS && !counts.containsKey(key)) {
            counts.remove(counts.keySet().iterator().next());
        }
        counts.put(key, new Count(count.since(), count.used() + 1));
        return true;
    }

    /// An attempt that was counted was none: it was right, or nobody looked at it.
    public synchronized void giveBack(String key) {
        counts.computeIfPresent(
                key, (_, count) -> count.used() > 1 ? new Count(count.since(), count.used() - 1) : null);
    }

    /// Whether another attempt may be made.
    private boolean isOpen(String key) {
        Count count = counts.get(key);
        if (count == null) {
            return true;
        }
        if (count.since().plus(window).isBefore(clock.instant())) {
            counts.remove(key);
            return true;
        }
        return count.used() < attempts;
    }
}
