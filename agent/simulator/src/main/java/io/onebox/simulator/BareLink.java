package io.onebox.simulator;

import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.simulator.link.LinkDirection;
import io.onebox.simulator.link.LinkShape;
import io.onebox.simulator.traffic.Address;
import io.onebox.simulator.traffic.InnerStack;
import io.onebox.simulator.traffic.Tun;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/// Two stacks joined by a link without a tunnel: what the best single link would give, and where traffic
/// models show that they behave.
///
/// ```
///   left  ---- up ---->  right
///         <--- down ---
/// ```
public final class BareLink {

    private static final int POOL_PACKETS = 64;
    private static final int LEFT = 0x0a4d_0101;
    private static final int RIGHT = 0x0a4d_0102;
    private static final long UNIQUE_LOCAL = 0xfd77_0000_0000_0001L;

    private final End left;
    private final End right;

    /// A link with a shape for each direction.
    ///
    /// @param mtuBytes MTU of both stacks
    public BareLink(Simulation simulation, LinkShape up, LinkShape down, int mtuBytes) {
        left = new End(simulation, LEFT, mtuBytes);
        right = new End(simulation, RIGHT, mtuBytes);
        left.out = new Pipe(simulation, up, right::receive);
        right.out = new Pipe(simulation, down, left::receive);
    }

    public InnerStack left() {
        return left.stack;
    }

    public InnerStack right() {
        return right.stack;
    }

    /// From left to right.
    public LinkDirection up() {
        return left.direction();
    }

    /// From right to left.
    public LinkDirection down() {
        return right.direction();
    }

    private static final class End implements Tun {

        private final Simulation simulation;
        private final PacketPool pool = new PacketPool(Arena.ofAuto(), POOL_PACKETS);
        private final InnerStack stack;
        private @Nullable Pipe out;

        End(Simulation simulation, int address, int mtuBytes) {
            this.simulation = simulation;
            this.stack = new InnerStack(
                    simulation.time(), this, Address.ofIpv4(address), new Address(UNIQUE_LOCAL, address), mtuBytes);
        }

        LinkDirection direction() {
            if (out == null) {
                throw new IllegalStateException("not connected");
            }
            return out.direction();
        }

        @Override
        public @Nullable Packet acquire() {
            return pool.acquire();
        }

        @Override
        public void send(Packet packet) {
            Datagram datagram = simulation.datagram();
            datagram.copyFrom(packet);
            packet.release();
            if (out != null) {
                out.send(datagram, 0);
            }
        }

        void receive(Datagram datagram) {
            Packet packet = pool.acquire();
            if (packet != null) {
                datagram.copyTo(packet);
                stack.receive(packet);
            }
        }
    }
}
