package io.onebox.engine.session;

import io.onebox.engine.packet.IpPrefix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whom an inner address belongs to, by longest prefix: WireGuard's *cryptokey routing*
/// (whitepaper, section 2). One open-addressed table for each prefix length in use, longest first, so
/// that a look-up allocates nothing.
final class AllowedIps {

    private final Table[] tables;

    private AllowedIps(Table[] tables) {
        this.tables = tables;
    }

    /// Builds the tables. Of two equal prefixes the later owner wins, as with `wg`.
    static AllowedIps of(List<? extends Owner> owners) {
        int[] lengths = owners.stream()
                .flatMap(owner -> owner.config().allowedIps().stream())
                .mapToInt(IpPrefix::bits)
                .distinct()
                .sorted()
                .toArray();
        var tables = new Table[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            tables[i] = new Table(lengths[lengths.length - 1 - i], owners);
        }
        return new AllowedIps(tables);
    }

    /// The owner of the address given by its halves, or `null`.
    @Nullable
    Owner find(long high, long low) {
        for (Table table : tables) {
            Owner owner = table.get(high, low);
            if (owner != null) {
                return owner;
            }
        }
        return null;
    }

    private static final class Table {

        private final long highMask;
        private final long lowMask;
        private final long[] highs;
        private final long[] lows;
        private final @Nullable Owner[] owners;

        Table(int bits, List<? extends Owner> all) {
            var mask = new IpPrefix(-1, -1, bits);
            highMask = mask.high();
            lowMask = mask.low();
            long count = all.stream()
                    .flatMap(owner -> owner.config().allowedIps().stream())
                    .filter(prefix -> prefix.bits() == bits)
                    .count();
            int capacity = Integer.highestOneBit((int) count) * 4;
            highs = new long[capacity];
            lows = new long[capacity];
            owners = new Owner[capacity];
            for (Owner owner : all) {
                for (IpPrefix prefix : owner.config().allowedIps()) {
                    if (prefix.bits() == bits) {
                        int slot = find(prefix.high(), prefix.low());
                        highs[slot] = prefix.high();
                        lows[slot] = prefix.low();
                        owners[slot] = owner;
                    }
                }
            }
        }

        @Nullable
        Owner get(long high, long low) {
            return owners[find(high & highMask, low & lowMask)];
        }

        private int find(long high, long low) {
            int mask = owners.length - 1;
            long hash = (high * 31 + low) * 0x9e3779b97f4a7c15L;
            int slot = (int) (hash >>> 40) & mask;
            while (owners[slot] != null && (highs[slot] != high || lows[slot] != low)) {
                slot = slot + 1 & mask;
            }
            return slot;
        }
    }
}
