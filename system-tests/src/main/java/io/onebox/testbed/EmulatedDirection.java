package io.onebox.testbed;

import io.onebox.simulator.link.Deliveries;
import io.onebox.simulator.link.LinkDirection;
import io.onebox.simulator.link.LinkShape;
import java.util.random.RandomGenerator;

/// Carries frames from one TAP to another as the link model says: reads, asks the model when each arrives, and
/// writes it then. Confined to the emulator's thread.
final class EmulatedDirection {

    private static final int BATCH = 64;

    private final Tap source;
    private final Tap target;
    private final FrameStore frames;
    private final FrameQueue underWay = new FrameQueue();
    private final Deliveries deliveries = new Deliveries();
    private final LinkDirection line;

    private long deliveredFrames;
    private long noMemory;
    private long latestNs;

    EmulatedDirection(Tap source, Tap target, FrameStore frames, RandomGenerator random) {
        this.source = source;
        this.target = target;
        this.frames = frames;
        this.line = new LinkDirection(LinkShape.PERFECT, random);
    }

    /// The model of this direction.
    LinkDirection line() {
        return line;
    }

    /// Reads what waits at the source, a bounded number of frames. If the interface is gone the source is
    /// closed.
    void receive(long nowNs) {
        for (int i = 0; i < BATCH; i++) {
            int slot = frames.acquire();
            if (slot == FrameStore.NONE) {
                noMemory++;
                return;
            }
            int length = source.read(frames.address(slot), FrameStore.SLOT);
            if (length <= 0) {
                frames.release(slot);
                if (length < 0) {
                    source.close();
                }
                return;
            }
            offer(nowNs, slot, length);
        }
    }

    private void offer(long nowNs, int slot, int length) {
        line.offer(nowNs, Math.max(1, length - Tap.ETHERNET_HEADER), deliveries);
        int spare = slot;
        for (int i = 0; i < deliveries.count(); i++) {
            int copy = spare;
            if (copy == FrameStore.NONE) {
                copy = frames.acquire();
                if (copy == FrameStore.NONE) {
                    noMemory++;
                    return;
                }
                frames.copy(slot, length, copy);
            }
            spare = FrameStore.NONE;
            if (deliveries.isCorrupt(i)) {
                frames.corrupt(copy, length);
            }
            underWay.add(deliveries.lineNs(i), deliveries.generation(), copy, length);
        }
        if (spare != FrameStore.NONE) {
            frames.release(spare);
        }
    }

    /// Writes what has arrived.
    ///
    /// @return when the next frame arrives, or `Long.MAX_VALUE`
    long deliver(long nowNs) {
        while (!underWay.isEmpty()) {
            long dueNs = line.dueNs(underWay.nextLineNs());
            if (dueNs > nowNs) {
                return dueNs;
            }
            int slot = underWay.nextSlot();
            if (line.arrives(underWay.nextGeneration())) {
                target.write(frames.address(slot), underWay.nextLength());
                deliveredFrames++;
                latestNs = Math.max(latestNs, nowNs - dueNs);
            }
            frames.release(slot);
            underWay.remove();
        }
        return Long.MAX_VALUE;
    }

    /// Counters in one line; resets the greatest lateness.
    String counters() {
        String text = "offered=%d delivered=%d lost=%d taildropped=%d toobig=%d refused=%d nomemory=%d late_us=%d"
                .formatted(
                        line.offeredPackets(),
                        deliveredFrames,
                        line.lostPackets(),
                        line.tailDroppedPackets(),
                        line.tooBigPackets(),
                        target.refused(),
                        noMemory,
                        latestNs / 1000);
        latestNs = 0;
        return text;
    }
}
