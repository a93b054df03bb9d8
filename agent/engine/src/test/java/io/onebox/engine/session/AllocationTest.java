package io.onebox.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.packet.InnerPackets;
import io.onebox.engine.packet.IpFlyweight;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.stats.SessionCounters;
import io.onebox.testing.AllocationMeter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/// From TUN to datagram to TUN nothing is allocated: two unequal paths, packets both ways, with ACKs,
/// pacing, repairs and reordering.
class AllocationTest {

    private static final int PACKETS = 100_000;
    private static final int LENGTH = 1_000;
    private static final int BURST = 40;
    private static final int STEPS = 40;

    private final TwoHosts hosts = new TwoHosts(2, _ -> new PlainAead());
    private final UnequalWires wires = new UnequalWires(hosts, 2);
    private final MemorySegment toServer = bulk(hosts.client, TwoHosts.CLIENT_ADDRESS, TwoHosts.SERVER_ADDRESS);
    private final MemorySegment toClient = bulk(hosts.server, TwoHosts.SERVER_ADDRESS, TwoHosts.CLIENT_ADDRESS);

    private static MemorySegment bulk(TwoHosts.Host host, int source, int target) {
        Packet packet = new InnerPackets(host.pool).ipv4(IpFlyweight.TCP, source, target, LENGTH);
        InnerPackets.set(packet, 32, 5 << 12 | 0x18);
        byte[] bytes = packet.segment().asSlice(packet.offset(), LENGTH).toArray(ValueLayout.JAVA_BYTE);
        packet.release();
        return MemorySegment.ofArray(bytes);
    }

    private void offer(TwoHosts.Host host, MemorySegment content) {
        Packet packet = host.pool.acquire();
        packet.length(LENGTH);
        MemorySegment.copy(content, 0, packet.segment(), packet.offset(), LENGTH);
        host.sessions.onTunPacket(packet, hosts.nowNs);
    }

    /// Bursts that need both paths, or the idle one would be probed: probes are rare, and may allocate.
    private void pass(int packets) {
        long target = hosts.server.delivered + hosts.client.delivered + packets;
        while (hosts.server.delivered + hosts.client.delivered < target) {
            for (int i = 0; i < BURST; i++) {
                offer(hosts.client, toServer);
                offer(hosts.server, toClient);
            }
            wires.run(STEPS);
        }
    }

    @Test
    void aPacketCostsNothing() {
        wires.run(400);
        wires.loseEvery = 97;
        pass(PACKETS / 2);
        SessionCounters counters = hosts.server.sessions.all().getFirst().counters();
        long repairedBefore = counters.repaired();

        long bytes = AllocationMeter.bytesAllocatedBy(() -> pass(PACKETS));

        assertThat(bytes).isLessThan(1_000);
        assertThat(counters.repaired()).as("repairs took part").isGreaterThan(repairedBefore);
        assertThat(counters.heldNs()).as("so did the reorder buffer").isPositive();
        assertThat(hosts.server.sessions.snapshot(hosts.nowNs).getFirst().paths())
                .as("and both paths")
                .allMatch(path -> path.txPackets() > PACKETS / 20);
    }
}
