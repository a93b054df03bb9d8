package io.onebox.engine.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.packet.Endpoint;
import io.onebox.testing.AllocationMeter;
import org.junit.jupiter.api.Test;

class HandshakeLimitTest {

    private static final long SECOND_NS = 1_000_000_000;
    private static final long SOURCE = Endpoint.mapped(0xc0000201);

    private final HandshakeLimit limit = new HandshakeLimit();

    private int allowed(long high, long low, long nowNs) {
        int count = 0;
        for (int i = 0; i < 100; i++) {
            count += limit.allows(high, low, nowNs) ? 1 : 0;
        }
        return count;
    }

    @Test
    void allowsEachSourceABurstOfFive() {
        assertThat(allowed(0, SOURCE, 0)).isEqualTo(5);
        assertThat(allowed(0, SOURCE + 1, 0)).isEqualTo(5);
    }

    @Test
    void allowsEachSourceTwentyASecond() {
        allowed(0, SOURCE, 0);
        int count = 0;
        for (long nowNs = 0; nowNs < SECOND_NS; nowNs += SECOND_NS / 200) {
            count += limit.allows(0, SOURCE, nowNs) ? 1 : 0;
        }

        assertThat(count).isBetween(19, 20);
        assertThat(allowed(0, SOURCE, 100 * SECOND_NS)).as("after a pause").isEqualTo(5);
    }

    @Test
    void takesANetworkOfIpv6ForOneSource() {
        long network = 0x20010db800000001L;

        assertThat(allowed(network, 1, 0)).isEqualTo(5);
        assertThat(allowed(network, 2, 0)).isZero();
        assertThat(allowed(network + 1, 2, 0)).isEqualTo(5);
    }

    @Test
    void moreSourcesThanItRemembersDoNoHarm() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(limit.allows(0, Endpoint.mapped(i), 0)).isTrue();
        }
    }

    @Test
    void isUnderLoadForASecondAfterTooManyHandshakes() {
        limit.onHandshake(0);
        assertThat(limit.underLoad(0)).isFalse();

        for (int i = 0; i < 1_000; i++) {
            limit.onHandshake(0);
        }

        assertThat(limit.underLoad(0)).isTrue();
        assertThat(limit.underLoad(SECOND_NS - 1)).isTrue();
        assertThat(limit.underLoad(SECOND_NS)).isFalse();
    }

    @Test
    void aHundredClientsASecondAreNoLoad() {
        for (int i = 0; i < 10_000; i++) {
            long nowNs = i * SECOND_NS / 100;
            limit.onHandshake(nowNs);
            assertThat(limit.underLoad(nowNs)).isFalse();
        }
    }

    @Test
    void allocatesNothing() {
        Runnable work = () -> {
            for (int i = 0; i < 10_000; i++) {
                limit.onHandshake(i);
                limit.allows(0, Endpoint.mapped(i), i);
            }
        };
        work.run();

        assertThat(AllocationMeter.bytesAllocatedBy(work))
                .as("bytes for 10,000 handshakes")
                .isLessThan(1_000);
    }
}
