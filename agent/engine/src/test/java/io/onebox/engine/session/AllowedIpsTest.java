package io.onebox.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.noise.PresharedKey;
import io.onebox.engine.noise.PrivateKey;
import io.onebox.engine.noise.PublicKey;
import io.onebox.engine.noise.Tai64n;
import io.onebox.engine.packet.InnerPackets;
import io.onebox.engine.packet.IpPrefix;
import io.onebox.engine.path.BondingMode;
import io.onebox.testing.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// [AllowedIps] and [Timestamps].
class AllowedIpsTest {

    private static final PublicKey KEY = PrivateKey.generate(new Random(1)).publicKey();

    private final TwoHosts hosts = new TwoHosts(0);

    private Session session(int number, List<IpPrefix> prefixes) {
        var config =
                new PeerConfig("peer" + number, KEY, PresharedKey.NONE, prefixes, List.of(), BondingMode.AGGREGATE);
        return new Session(number, config, 1, new InnerPackets(1).pool(), hosts.client);
    }

    /// The model looks at every prefix; of equal ones the last counts.
    @Seeded(runs = 50)
    void findsTheLongestPrefix(RandomGenerator random) {
        long high = random.nextLong();
        long low = random.nextLong();
        List<Session> sessions = new ArrayList<>();
        for (int number = 0; number < 5; number++) {
            List<IpPrefix> prefixes = new ArrayList<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                prefixes.add(new IpPrefix(near(high, random), near(low, random), random.nextInt(129)));
            }
            sessions.add(session(number, prefixes));
        }
        AllowedIps allowed = AllowedIps.of(sessions);

        for (int i = 0; i < 500; i++) {
            long addressHigh = near(high, random);
            long addressLow = near(low, random);
            assertThat(allowed.find(addressHigh, addressLow)).isSameAs(owner(sessions, addressHigh, addressLow));
        }
    }

    private static Session owner(List<Session> sessions, long high, long low) {
        Session owner = null;
        int longest = -1;
        for (Session session : sessions) {
            for (IpPrefix prefix : session.config().allowedIps()) {
                if (prefix.contains(high, low) && prefix.bits() >= longest) {
                    owner = session;
                    longest = prefix.bits();
                }
            }
        }
        return owner;
    }

    /// Shares many of its leading bits with `number`.
    private static long near(long number, RandomGenerator random) {
        return random.nextInt(3) == 0 ? number : number ^ 1L << random.nextInt(64);
    }

    @Test
    void nobodyOwnsAnythingWhereThereIsNobody() {
        assertThat(AllowedIps.of(List.of()).find(0, 1)).isNull();
    }

    @Test
    void aTimestampIsGreaterThanAllBeforeOnItsPath() {
        var timestamps = new Timestamps();
        Tai64n first = Tai64n.at(1_700_000_000_000_000_000L, 1);
        Tai64n second = Tai64n.at(1_700_000_001_000_000_000L, 1);

        assertThat(timestamps.accept(1, second)).isTrue();
        assertThat(timestamps.accept(1, second)).as("a replay").isFalse();
        assertThat(timestamps.accept(1, first)).as("an older one").isFalse();
        assertThat(timestamps.accept(2, first)).as("another path").isTrue();
    }
}
