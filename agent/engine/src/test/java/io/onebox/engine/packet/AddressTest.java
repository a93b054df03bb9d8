package io.onebox.engine.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.testing.Seeded;
import java.math.BigInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// [Endpoint] and [IpPrefix].
class AddressTest {

    @Test
    void ipv4IsMappedIntoIpv6() {
        Endpoint endpoint = Endpoint.ofIpv4(0xc0000201, 51_820);

        assertThat(endpoint).isEqualTo(new Endpoint(0, 0xffff_c000_0201L, 51_820));
        assertThat(endpoint.isIpv4()).isTrue();
    }

    @Test
    void ipv6IsNotIpv4() {
        assertThat(new Endpoint(0x20010db800000000L, 0xffff_c000_0201L, 1).isIpv4())
                .isFalse();
        assertThat(new Endpoint(0, 1, 1).isIpv4()).as("the loopback address").isFalse();
        assertThat(new Endpoint(0, 0x1_ffff_c000_0201L, 1).isIpv4()).isFalse();
    }

    @Test
    void refusesPortsThatCannotBe() {
        assertThatThrownBy(() -> new Endpoint(0, 0, 65_536)).hasMessageContaining("65536");
        assertThatThrownBy(() -> new Endpoint(0, 0, -1)).hasMessageContaining("-1");
    }

    @Test
    void aPrefixForgetsTheBitsOfTheHost() {
        assertThat(IpPrefix.ofIpv4(0x0a4d01ff, 24)).isEqualTo(IpPrefix.ofIpv4(0x0a4d0100, 24));
        assertThat(new IpPrefix(-1, -1, 0)).isEqualTo(new IpPrefix(0, 0, 0));
    }

    @Test
    void ipv4DoesNotReachBeyondIpv4() {
        IpPrefix all = IpPrefix.ofIpv4(0, 0);

        assertThat(all.contains(0, Endpoint.mapped(0x08080808))).isTrue();
        assertThat(all.contains(0x20010db800000000L, 1)).isFalse();
    }

    @Test
    void refusesLengthsThatCannotBe() {
        assertThatThrownBy(() -> new IpPrefix(0, 0, 129)).hasMessageContaining("129");
        assertThatThrownBy(() -> new IpPrefix(0, 0, -1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> IpPrefix.ofIpv4(0, 33)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IpPrefix.ofIpv4(0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    /// The model shifts a number of 128 bits.
    @Seeded(runs = 500)
    void containsWhatSharesItsLeadingBits(RandomGenerator random) {
        long high = random.nextLong();
        long low = random.nextLong();
        int bits = random.nextInt(129);
        int same = random.nextInt(129);
        BigInteger address = unsigned(high, low);
        BigInteger other = same == 128 ? address : address.flipBit(127 - same);

        boolean contained =
                new IpPrefix(high, low, bits).contains(other.shiftRight(64).longValue(), other.longValue());

        assertThat(contained).isEqualTo(address.shiftRight(128 - bits).equals(other.shiftRight(128 - bits)));
    }

    private static BigInteger unsigned(long high, long low) {
        return new BigInteger(Long.toHexString(high), 16).shiftLeft(64).or(new BigInteger(Long.toHexString(low), 16));
    }
}
