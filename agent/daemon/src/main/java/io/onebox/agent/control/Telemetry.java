package io.onebox.agent.control;

import io.onebox.agent.status.Reading;
import io.onebox.agent.status.Role;
import io.onebox.agent.status.StatusJson;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.EventKind;
import io.onebox.shared.message.LinkStats;
import io.onebox.shared.message.LinkUse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What an agent tells its controller of itself: a summary every ten seconds, each second while somebody watches, and
/// at once what happens. What happens while nobody hears is kept and told later. May be used from any thread.
public final class Telemetry {

    /// Seconds in a summary.
    static final int SUMMARY_SECONDS = 10;

    /// Events that wait to be told; beyond that the oldest is forgotten.
    private static final int MAX_WAITING = 100;

    private final Predicate<AgentMessage> controller;
    private final Map<String, Tally> tallies = new LinkedHashMap<>();
    private final Map<String, Boolean> links = new HashMap<>();
    private final Deque<Happened> waiting = new ArrayDeque<>();
    private long now;
    private long watchedUntil;
    private boolean isUp;

    /// An event and the tick of its time.
    private record Happened(EventKind kind, String link, String detail, long tick) {}

    /// @param controller says a message, and whether it could be said
    public Telemetry(Predicate<AgentMessage> controller) {
        this.controller = controller;
    }

    /// Somebody watches, for so many seconds from now.
    public synchronized void watch(int seconds) {
        watchedUntil = now + seconds;
    }

    /// The tunnel is taken down, perhaps for less than a second.
    public synchronized void stopped() {
        onState(false);
    }

    /// Takes what a second has brought.
    public synchronized void tick(Reading reading) {
        now++;
        boolean isClient = reading.role() == Role.CLIENT;
        JsonObject stats =
                new JsonObject(isClient ? StatusJson.linksDocument(reading) : StatusJson.clientsDocument(reading));
        List<LinkStats> seen = new ArrayList<>();
        for (JsonObject link : stats.objects(isClient ? "links" : "clients")) {
            if (LinkStats.isName(link.textOrDash("name"))) {
                seen.add(stats(link));
            }
        }
        seen.forEach(link ->
                onState(link.name(), link.state().equals(isClient ? "usable" : "connected"), isClient, reading));
        List<String> gone = new ArrayList<>(links.keySet());
        seen.forEach(link -> gone.remove(link.name()));
        gone.forEach(link -> onState(link, false, isClient, reading));
        onState(reading.state().equals("up"));
        tellWaiting();
        seen.forEach(
                link -> tallies.computeIfAbsent(link.name(), _ -> new Tally()).add(link));
        if (now <= watchedUntil) {
            say(1, seen);
        }
        if (now % SUMMARY_SECONDS == 0) {
            say(SUMMARY_SECONDS, tallies.values().stream().map(Tally::mean).toList());
            tallies.clear();
        }
    }

    private static LinkStats stats(JsonObject link) {
        Double rx = link.number("rxBitsPerSecond");
        Double tx = link.number("txBitsPerSecond");
        Double rtt = link.number("srttSeconds");
        return new LinkStats(
                link.textOrDash("name"),
                link.textOrDash("state"),
                rx == null ? 0 : rx,
                tx == null ? 0 : tx,
                rtt == null ? null : new LinkStats.Rtt(rtt, rtt, rtt),
                link.number("jitterSeconds"),
                link.number("lossRatio"),
                LinkUse.ofStatus(link).orElse(null));
    }

    private void onState(String link, boolean isUsable, boolean isClient, Reading reading) {
        boolean wasUsable = Boolean.TRUE.equals(links.put(link, isUsable));
        if (isUsable && !wasUsable) {
            happened(isClient ? EventKind.LINK_UP : EventKind.CLIENT_UP, link, "");
        } else if (!isUsable && wasUsable) {
            happened(isClient ? EventKind.LINK_DOWN : EventKind.CLIENT_DOWN, link, reason(reading, link));
        }
    }

    private void onState(boolean isUpNow) {
        if (isUpNow != isUp) {
            isUp = isUpNow;
            happened(isUpNow ? EventKind.TUNNEL_UP : EventKind.TUNNEL_DOWN, "", "");
        }
    }

    /// What the status says of a link that is not used.
    private static String reason(Reading reading, String link) {
        return reading.problems().stream()
                .filter(problem -> link.equals(problem.link()))
                .findFirst()
                .map(problem -> problem.message())
                .orElse("");
    }

    private void happened(EventKind kind, String link, String detail) {
        if (waiting.size() == MAX_WAITING) {
            waiting.removeFirst();
        }
        waiting.addLast(new Happened(kind, link, detail, now));
    }

    private void tellWaiting() {
        while (!waiting.isEmpty()) {
            Happened first = waiting.getFirst();
            int secondsAgo = Math.toIntExact(now - first.tick());
            if (!controller.test(new AgentMessage.Event(first.kind(), first.link(), first.detail(), secondsAgo))) {
                return;
            }
            waiting.removeFirst();
        }
    }

    private void say(int seconds, List<LinkStats> links) {
        boolean isInUse = links.stream().anyMatch(link -> link.use() != null);
        int most = isInUse ? LinkStats.MAX_LINKS_IN_USE : LinkStats.MAX_LINKS;
        for (int from = 0; from < links.size(); from += most) {
            int to = Math.min(links.size(), from + most);
            // One that is not heard is not said again: the next comes soon.
            var _ = controller.test(new AgentMessage.Stats(seconds, links.subList(from, to)));
        }
    }

    /// Seconds of one link, added up.
    private static final class Tally {
        private @Nullable LinkStats last;
        private int seconds;
        private double rxBits;
        private double txBits;
        private final Mean rtt = new Mean();
        private final Mean jitter = new Mean();
        private final Mean loss = new Mean();

        void add(LinkStats link) {
            last = link;
            seconds++;
            rxBits += link.rxBitsPerSecond();
            txBits += link.txBitsPerSecond();
            rtt.add(link.rtt() == null ? null : link.rtt().meanSeconds());
            jitter.add(link.jitterSeconds());
            loss.add(link.lossRatio());
        }

        LinkStats mean() {
            LinkStats newest = Objects.requireNonNull(last);
            Double meanRtt = rtt.value();
            return new LinkStats(
                    newest.name(),
                    newest.state(),
                    rxBits / seconds,
                    txBits / seconds,
                    meanRtt == null ? null : new LinkStats.Rtt(rtt.min, meanRtt, rtt.max),
                    jitter.value(),
                    loss.value(),
                    newest.use());
        }
    }

    /// The mean of what was measured.
    private static final class Mean {
        private int count;
        private double sum;
        private double min = Double.MAX_VALUE;
        private double max;

        void add(@Nullable Double value) {
            if (value != null) {
                count++;
                sum += value;
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }

        @Nullable
        Double value() {
            return count == 0 ? null : sum / count;
        }
    }
}
