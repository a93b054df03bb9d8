package io.onebox.controller.stats;

import io.onebox.shared.message.LinkStats;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The last two minutes of every agent, in memory. May be used from any thread.
public final class LiveStats {

    private static final int SUMMARIES = 12;

    private final Map<String, Deque<Moment>> moments = new ConcurrentHashMap<>();

    /// What an agent said.
    ///
    /// @param time of its end
    /// @param seconds of which it tells
    public record Moment(Instant time, int seconds, List<LinkStats> links) {
        public Moment {
            links = List.copyOf(links);
        }

        /// Of all links together.
        public double rxBitsPerSecond() {
            return links.stream().mapToDouble(LinkStats::rxBitsPerSecond).sum();
        }

        /// Of all links together.
        public double txBitsPerSecond() {
            return links.stream().mapToDouble(LinkStats::txBitsPerSecond).sum();
        }
    }

    /// Adds a summary.
    public void add(String agent, Moment moment) {
        moments.compute(agent, (_, known) -> {
            Deque<Moment> kept = known == null ? new ArrayDeque<>() : new ArrayDeque<>(known);
            if (kept.size() == SUMMARIES) {
                kept.removeFirst();
            }
            kept.addLast(moment);
            return kept;
        });
    }

    /// The last summaries, oldest first.
    public List<Moment> recent(String agent) {
        return List.copyOf(moments.getOrDefault(agent, new ArrayDeque<>()));
    }

    /// Forgets an agent.
    public void forget(String agent) {
        moments.remove(agent);
    }
}
