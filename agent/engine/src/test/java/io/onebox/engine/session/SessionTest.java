package io.onebox.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.packet.Packet;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SessionTest {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final TwoHosts hosts = new TwoHosts(2);

    @Test
    void becomesUsableOnEveryLink() {
        hosts.run(300);

        assertThat(hosts.client.sessions.snapshot(hosts.nowNs).getFirst().paths())
                .hasSize(2)
                .allMatch(path -> path.state().equals("usable"));
        assertThat(hosts.server.sessions.snapshot(hosts.nowNs).getFirst().paths())
                .hasSize(2)
                .allMatch(path -> path.state().equals("usable"));
    }

    @Test
    void carriesPacketsBothWays() {
        hosts.run(300);

        for (int i = 0; i < 1_000; i++) {
            offer(hosts.client, TwoHosts.CLIENT_ADDRESS, TwoHosts.SERVER_ADDRESS, 1_200);
            offer(hosts.server, TwoHosts.SERVER_ADDRESS, TwoHosts.CLIENT_ADDRESS, 1_200);
            hosts.run(1);
        }
        hosts.run(500);

        assertThat(hosts.server.delivered).isEqualTo(1_000);
        assertThat(hosts.client.delivered).isEqualTo(1_000);
        assertThat(hosts.client.pool.available()).isEqualTo(hosts.client.pool.capacity());
        assertThat(hosts.server.pool.available()).isEqualTo(hosts.server.pool.capacity());
    }

    /// Before HELLO nobody knows what the peer can do; a stock WireGuard peer never says.
    @Test
    void leavesChecksumsOnlyToAPeerThatFinishesThem() {
        offer(hosts.client, TwoHosts.CLIENT_ADDRESS, TwoHosts.SERVER_ADDRESS, 100, true);
        hosts.run(300);
        assertThat(hosts.server.delivered).isEqualTo(1);
        assertThat(hosts.server.deliveredPartial).isZero();

        offer(hosts.client, TwoHosts.CLIENT_ADDRESS, TwoHosts.SERVER_ADDRESS, 100, true);
        offer(hosts.client, TwoHosts.CLIENT_ADDRESS, TwoHosts.SERVER_ADDRESS, 100, false);
        hosts.run(300);
        assertThat(hosts.server.delivered).isEqualTo(3);
        assertThat(hosts.server.deliveredPartial).isEqualTo(1);
    }

    private void offer(TwoHosts.Host host, int source, int destination, int length) {
        offer(host, source, destination, length, false);
    }

    private void offer(TwoHosts.Host host, int source, int destination, int length, boolean partialChecksum) {
        Packet packet = Objects.requireNonNull(host.pool.acquire());
        packet.partialChecksum(partialChecksum);
        packet.length(length);
        packet.segment().asSlice(packet.offset(), length).fill((byte) 0);
        packet.segment().set(SHORT, packet.offset() + 24, (short) (length - 20));
        packet.segment().set(SHORT, packet.offset(), (short) 0x4500);
        packet.segment().set(SHORT, packet.offset() + 2, (short) length);
        packet.segment().set(SHORT, packet.offset() + 8, (short) 0x4011);
        packet.segment().set(INT, packet.offset() + 12, source);
        packet.segment().set(INT, packet.offset() + 16, destination);
        hosts.client.events.clear();
        host.sessions.onTunPacket(packet, hosts.nowNs);
    }
}
