package io.onebox.agent.linux;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.SegmentFlyweight;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/// A flow of TCP or UDP over IPv4 or IPv6 as a kernel may send it, byte by byte; checksums are summed up the
/// slow way.
final class InnerFlow {

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ACK = 0x10;
    private static final int PSH = 0x08;

    private final RandomGenerator random;
    private final boolean ipv4;
    private final boolean tcp;
    private final boolean leavesChecksum;
    private final int port;
    private final int optionBytes;
    private final int mss;
    private int sequence;
    private int acknowledgement = 77;
    private int identification;
    private int timestamp = 5;

    /// A flow of any kind.
    InnerFlow(RandomGenerator random, int port) {
        this.random = random;
        this.ipv4 = random.nextBoolean();
        this.tcp = random.nextInt(3) > 0;
        this.leavesChecksum = random.nextBoolean();
        this.port = port;
        this.optionBytes = random.nextBoolean() ? 12 : 0;
        this.mss = random.nextInt(1, 1_361);
        this.sequence = random.nextInt();
        this.identification = random.nextInt(0x10000);
    }

    /// A flow of TCP whose segments are all alike.
    static InnerFlow bulk(boolean ipv4) {
        return new InnerFlow(ipv4);
    }

    private InnerFlow(boolean ipv4) {
        this.random = RandomGenerator.getDefault();
        this.ipv4 = ipv4;
        this.tcp = true;
        this.leavesChecksum = false;
        this.port = 1;
        this.optionBytes = 0;
        this.mss = 1_360;
        this.sequence = 1;
    }

    boolean leavesChecksum() {
        return leavesChecksum;
    }

    /// The next packet: mostly full segments, now and then anything else.
    byte[] next() {
        int kind = random.nextInt(20);
        if (kind == 0) {
            acknowledgement += 10;
        } else if (kind == 1) {
            timestamp++;
        } else if (kind == 2) {
            sequence += random.nextInt(3) * mss;
        }
        int length = kind == 3 ? 0 : kind == 4 ? random.nextInt(mss + 1) : mss;
        int flags = kind == 5 ? ACK | PSH : kind == 6 ? ACK | 1 << random.nextInt(8) : ACK;
        return write(length, flags, kind == 7 ? random.nextInt(256) : 0);
    }

    /// A segment of `length` bytes.
    byte[] data(int length) {
        return write(length, ACK, 0);
    }

    /// Whether a packet is of this flow.
    boolean owns(byte[] packet) {
        int transport = (packet[0] & 0xf0) == 0x40 ? 20 : 40;
        int protocol = packet[transport == 20 ? 9 : 6];
        return (transport == 20) == ipv4
                && protocol == (tcp ? TCP : UDP)
                && ByteBuffer.wrap(packet).getShort(transport) == port;
    }

    private byte[] write(int length, int flags, int trafficClass) {
        int transport = ipv4 ? 20 : 40;
        int headers = transport + (tcp ? 20 + optionBytes : 8);
        ByteBuffer packet = ByteBuffer.allocate(headers + length);
        byte[] payload = new byte[length];
        random.nextBytes(payload);
        packet.put(headers, payload);
        writeIp(packet, trafficClass);
        packet.putShort(transport, (short) port).putShort(transport + 2, (short) 443);
        if (tcp) {
            packet.putInt(transport + 4, sequence).putInt(transport + 8, acknowledgement);
            packet.put(transport + 12, (byte) ((20 + optionBytes) << 2)).put(transport + 13, (byte) flags);
            packet.putShort(transport + 14, (short) 500);
            if (optionBytes > 0) {
                packet.putInt(transport + 20, 0x0101080a).putInt(transport + 24, timestamp);
            }
            sequence += length;
        } else {
            packet.putShort(transport + 4, (short) (8 + length));
        }
        int checksumAt = transport + (tcp ? 16 : 6);
        int checksum = ~fold(pseudoSum(packet) + sum(packet, transport)) & 0xffff;
        packet.putShort(checksumAt, (short) (checksum == 0 ? 0xffff : checksum));
        return packet.array();
    }

    private void writeIp(ByteBuffer packet, int trafficClass) {
        int length = packet.capacity();
        if (ipv4) {
            packet.put(0, (byte) 0x45).put(1, (byte) trafficClass).putShort(2, (short) length);
            packet.putShort(4, (short) identification++).putShort(6, (short) (port % 2 == 0 ? 0x4000 : 0));
            packet.put(8, (byte) 64).put(9, (byte) (tcp ? TCP : UDP));
            packet.putInt(12, 0x0a090001).putInt(16, 0x0a090002);
            int sum = 0;
            for (int at = 0; at < 20; at += 2) {
                sum += packet.getShort(at) & 0xffff;
            }
            packet.putShort(10, (short) ~fold(sum));
        } else {
            packet.putInt(0, 0x60000000 | trafficClass << 20 | port).putShort(4, (short) (length - 40));
            packet.put(6, (byte) (tcp ? TCP : UDP)).put(7, (byte) 64);
            packet.putLong(8, 0xfd00L << 48)
                    .putLong(16, 1)
                    .putLong(24, 0xfd00L << 48)
                    .putLong(32, 2);
        }
    }

    /// Whether the checksum of a packet is right.
    static boolean isRight(byte[] bytes) {
        ByteBuffer packet = ByteBuffer.wrap(bytes);
        return fold(pseudoSum(packet) + sum(packet, transport(packet))) == 0xffff;
    }

    /// Makes the checksum partial, as a kernel does that leaves it to the network card.
    static void leaveChecksum(Packet packet) {
        var segment = new SegmentFlyweight();
        if (segment.wrap(packet)) {
            segment.startChecksum(packet.length());
            packet.partialChecksum(true);
        }
    }

    /// Does what a network card does.
    static void finishChecksum(Packet packet) {
        var segment = new SegmentFlyweight();
        if (packet.hasPartialChecksum() && segment.wrap(packet)) {
            segment.finishChecksum();
        }
    }

    private static int transport(ByteBuffer packet) {
        return (packet.get(0) & 0xf0) == 0x40 ? 20 : 40;
    }

    private static long pseudoSum(ByteBuffer packet) {
        int transport = transport(packet);
        long sum = (long) packet.get(transport == 20 ? 9 : 6) + packet.capacity() - transport;
        for (int at = transport == 20 ? 12 : 8; at < transport; at += 2) {
            sum += packet.getShort(at) & 0xffff;
        }
        return sum;
    }

    private static long sum(ByteBuffer packet, int from) {
        long sum = 0;
        for (int at = from; at < packet.capacity(); at++) {
            sum += (packet.get(at) & 0xffL) << ((at - from) % 2 == 0 ? 8 : 0);
        }
        return sum;
    }

    private static int fold(long sum) {
        long folded = sum;
        while (folded > 0xffff) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) folded;
    }
}
