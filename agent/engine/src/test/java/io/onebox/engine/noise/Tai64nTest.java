package io.onebox.engine.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.Seeded;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class Tai64nTest {

    private static final long SECOND_NS = 1_000_000_000;

    /// The first instant of 1970 is 2^62 + 10 seconds in TAI64.
    @Test
    void writesTheLabelOf1970() {
        assertThat(HexFormat.of().formatHex(Tai64n.plain(0).encode())).isEqualTo("400000000000000a00000000");
        assertThat(HexFormat.of().formatHex(Tai64n.at(0, 3).encode())).isEqualTo("400000000000000a006f6203");
    }

    @Test
    void hidesTheFineBitsOfTheClock() {
        assertThat(Tai64n.plain(SECOND_NS - 1)).isEqualTo(Tai64n.plain(SECOND_NS - 1_000_000));
        assertThat(Tai64n.plain(SECOND_NS - 1).nanos() & 0xffffff).isZero();
    }

    @Test
    void namesThePathOnlyIfThereIsOne() {
        assertThat(Tai64n.at(1, 0).pathId()).isZero();
        assertThat(Tai64n.at(SECOND_NS - 1, 255).pathId()).isEqualTo(255);
        assertThat(Tai64n.plain(1).pathId()).isEqualTo(Tai64n.NO_PATH);
    }

    @Test
    void staysBelowASecond() {
        assertThat(Tai64n.at(SECOND_NS - 1, 255).nanos()).isBetween(0, 999_999_999);
    }

    @Seeded
    void readsWhatItWrites(RandomGenerator random) {
        var bytes = new byte[Tai64n.LENGTH];
        random.nextBytes(bytes);

        assertThat(Tai64n.decode(bytes, 0).encode()).isEqualTo(bytes);
    }

    @Seeded
    void ordersAsUnsignedBytes(RandomGenerator random) {
        var first = new byte[Tai64n.LENGTH];
        var second = new byte[Tai64n.LENGTH];
        random.nextBytes(first);
        random.nextBytes(second);
        System.arraycopy(first, 0, second, 0, random.nextInt(Tai64n.LENGTH + 1));

        assertThat(Integer.signum(Tai64n.decode(first, 0).compareTo(Tai64n.decode(second, 0))))
                .isEqualTo(Integer.signum(Arrays.compareUnsigned(first, second)));
    }

    /// Whatever the clock does: it stands still here, or jumps by up to two seconds either way.
    @Seeded
    void labelsOfAPathIncreaseStrictly(RandomGenerator random) {
        Tai64n last = Tai64n.plain(0);
        long wallNs = 1_700_000_000 * SECOND_NS;
        for (int i = 0; i < 200; i++) {
            wallNs += random.nextBoolean() ? 0 : random.nextLong(-2 * SECOND_NS, 2 * SECOND_NS);
            Tai64n next = Tai64n.at(wallNs, 9).after(last);

            assertThat(next).isGreaterThan(last);
            assertThat(next.pathId()).isEqualTo(9);
            assertThat(next.nanos()).isBetween(0, 999_999_999);
            last = next;
        }
    }

    @Test
    void leavesAGreaterLabelAsItIs() {
        Tai64n later = Tai64n.at(5 * SECOND_NS, 1);

        assertThat(later.after(Tai64n.at(4 * SECOND_NS, 200))).isEqualTo(later);
    }
}
