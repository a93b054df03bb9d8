package io.onebox.agent.dataplane;

import io.onebox.engine.packet.Packet;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The other shards as one of them sees them: a ring to each and one from each, and a bell that says that something
/// is in one. Rings and bells are all that shards share.
///
/// ```
///   shard 0  -- ring, bell -->  shard 1
///            <-- ring, bell --
/// ```
public final class Neighbours {

    private final @Nullable HandOverRing[] to;
    private final @Nullable HandOverRing[] from;
    private final boolean[] isExpecting;
    private final Bell[] bells;
    private final Bell bell;
    private boolean hasNews;

    private Neighbours(int number, int count, Bell[] bells) {
        this.to = new HandOverRing[count];
        this.from = new HandOverRing[count];
        this.isExpecting = new boolean[count];
        this.bells = bells;
        this.bell = bells[number];
    }

    /// Those of an only shard: nobody.
    public static Neighbours none() {
        return new Neighbours(0, 1, new Bell[] {new Bell()});
    }

    /// Those of each of `count` shards.
    ///
    /// @param arenas give memory that any thread may touch
    public static List<Neighbours> of(int count, Supplier<Arena> arenas) {
        var bells = new Bell[count];
        for (int i = 0; i < count; i++) {
            bells[i] = new Bell();
        }
        List<Neighbours> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new Neighbours(i, count, bells));
        }
        for (int from = 0; from < count; from++) {
            for (int to = 0; to < count; to++) {
                if (from != to) {
                    var ring = new HandOverRing(arenas);
                    all.get(from).to[to] = ring;
                    all.get(to).from[from] = ring;
                }
            }
        }
        return all;
    }

    /// Sets what wakes this shard up, called from the threads of the others; it must make it [#receive].
    public void onBell(Runnable action) {
        bell.action = action;
    }

    /// Gives another shard a copy of a packet, which it sees after [#ring].
    ///
    /// @return whether there was room
    boolean offer(int shard, boolean isInner, Packet packet) {
        HandOverRing ring = to[shard];
        if (ring == null || !ring.offer(isInner, packet)) {
            return false;
        }
        isExpecting[shard] = true;
        hasNews = true;
        return true;
    }

    /// Wakes those that were given something.
    void ring() {
        if (!hasNews) {
            return;
        }
        hasNews = false;
        for (int i = 0; i < isExpecting.length; i++) {
            if (isExpecting[i]) {
                isExpecting[i] = false;
                bells[i].ring();
            }
        }
    }

    /// Shows what others gave us, `limit` of each at the most; the bell rings again if there is more.
    void receive(HandOverRing.Reader reader, long nowNs, int limit) {
        bell.answer();
        boolean isMore = false;
        for (HandOverRing ring : from) {
            if (ring != null) {
                ring.poll(reader, nowNs, limit);
                isMore |= !ring.isEmpty();
            }
        }
        if (isMore) {
            bell.ring();
        }
    }

    /// Wakes a thread, once until it answers.
    private static final class Bell {

        private final AtomicBoolean rings = new AtomicBoolean();
        private volatile Runnable action = () -> {};

        void ring() {
            if (!rings.getAndSet(true)) {
                action.run();
            }
        }

        /// A full fence on purpose: whoever rings after it finds the bell silent, and what was written before is seen.
        void answer() {
            rings.getAndSet(false);
        }
    }
}
