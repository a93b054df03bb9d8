package io.onebox.simulator.traffic;

import io.onebox.engine.packet.Packet;
import io.onebox.simulator.time.VirtualTime;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The IP stack of a host, as far as our traffic needs it: an address of each family, ports, and an
/// answer to every echo request.
///
/// Receivers see a packet during the call only; the stack releases it.
public final class InnerStack {

    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 256;

    private static final int UNREACHABLE = 3;
    private static final int TOO_BIG_V6 = 2;
    private static final int ECHO_REQUEST = 8;
    private static final int ECHO_REPLY = 0;
    private static final int ECHO_REQUEST_V6 = 128;
    private static final int ECHO_REPLY_V6 = 129;

    private final VirtualTime time;
    private final Tun tun;
    private final Address ipv4;
    private final Address ipv6;
    private final IpHeader ip = new IpHeader();
    private final @Nullable Consumer<Packet>[] receivers;

    private int bound;
    private int mtuBytes;
    private long sentPackets;
    private long receivedPackets;
    private long strayPackets;
    private long tooBigAnswers;

    /// A stack with a TUN device.
    ///
    /// @param mtuBytes MTU of the device
    @SuppressWarnings({"unchecked", "rawtypes"})
    public InnerStack(VirtualTime time, Tun tun, Address ipv4, Address ipv6, int mtuBytes) {
        this.time = time;
        this.tun = tun;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
        this.mtuBytes = mtuBytes;
        this.receivers = new Consumer[PORTS];
    }

    /// The clock of this world.
    public VirtualTime time() {
        return time;
    }

    /// The address of the family that flows use unless told otherwise.
    public Address ipv4() {
        return ipv4;
    }

    /// The other address.
    public Address ipv6() {
        return ipv6;
    }

    /// Largest packet that flows made from here on may send.
    public int mtuBytes() {
        return mtuBytes;
    }

    /// Changes the MTU of the device.
    public void mtuBytes(int changed) {
        mtuBytes = changed;
    }

    /// Packets handed to the device.
    public long sentPackets() {
        return sentPackets;
    }

    /// Packets that came from the device.
    public long receivedPackets() {
        return receivedPackets;
    }

    /// Packets of ours that were answered to be too big.
    public long tooBigAnswers() {
        return tooBigAnswers;
    }

    /// Packets nobody waited for.
    public long strayPackets() {
        return strayPackets;
    }

    /// Takes a free port for `receiver`.
    int bind(Consumer<Packet> receiver) {
        receivers[bound] = receiver;
        return FIRST_PORT + bound++;
    }

    /// An empty packet of `length` bytes, with zeros behind the first `headerLength`, or `null`.
    @Nullable
    Packet acquire(int length, int headerLength) {
        Packet packet = tun.acquire();
        if (packet == null) {
            return null;
        }
        packet.length(length);
        packet.segment()
                .asSlice(packet.offset() + headerLength, (long) length - headerLength)
                .fill((byte) 0);
        return packet;
    }

    /// Hands a packet to the device.
    void send(Packet packet) {
        sentPackets++;
        tun.send(packet);
    }

    /// Takes a packet from the device, and ownership of it.
    public void receive(Packet packet) {
        receivedPackets++;
        if (!ip.wrap(packet)) {
            strayPackets++;
            packet.release();
            return;
        }
        switch (ip.protocol()) {
            case IpHeader.ICMP -> receiveEcho(packet, ECHO_REQUEST, ECHO_REPLY);
            case IpHeader.ICMPV6 -> receiveEcho(packet, ECHO_REQUEST_V6, ECHO_REPLY_V6);
            default -> dispatch(packet, Short.BYTES);
        }
    }

    /// Answers in place: swaps the addresses.
    private void receiveEcho(Packet packet, int request, int reply) {
        long typeOffset = (long) packet.offset() + ip.length();
        int type = Byte.toUnsignedInt(packet.segment().get(ValueLayout.JAVA_BYTE, typeOffset));
        if (type == UNREACHABLE || type == TOO_BIG_V6) {
            onTooBig(packet, packet.segment().get(IpHeader.INT, typeOffset + Integer.BYTES));
            return;
        }
        if (type != request) {
            dispatch(packet, Integer.BYTES);
            return;
        }
        packet.segment().set(ValueLayout.JAVA_BYTE, typeOffset, (byte) reply);
        var from = new Address(ip.targetHigh(), ip.targetLow());
        var to = new Address(ip.sourceHigh(), ip.sourceLow());
        Packet answer = acquire(packet.length(), packet.length());
        if (answer != null) {
            int offset = answer.offset();
            MemorySegment.copy(packet.segment(), packet.offset(), answer.segment(), offset, packet.length());
            ip.write(answer, from, to, ip.protocol(), 0);
            send(answer);
        }
        packet.release();
    }

    /// A packet of ours was too big for the tunnel.
    private void onTooBig(Packet packet, int largestBytes) {
        tooBigAnswers++;
        mtuBytes = Math.min(mtuBytes, largestBytes);
        packet.release();
    }

    /// Gives a packet to whom a number behind its IP header belongs: a port or an echo identifier.
    private void dispatch(Packet packet, int numberOffset) {
        long offset = (long) packet.offset() + ip.length() + numberOffset;
        int index = Short.toUnsignedInt(packet.segment().get(IpHeader.SHORT, offset)) - FIRST_PORT;
        Consumer<Packet> receiver = index >= 0 && index < PORTS ? receivers[index] : null;
        if (receiver == null) {
            strayPackets++;
        } else {
            receiver.accept(packet);
        }
        packet.release();
    }
}
