package io.onebox.testbed;

import io.onebox.simulator.link.Capacity;
import io.onebox.simulator.link.DeliveryTrace;
import io.onebox.simulator.link.LinkShape;
import io.onebox.simulator.link.Loss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/// The emulator's command lines. Where a value differs by direction it is written `up/down`: from the client
/// to the internet, and back.
///
/// ```
///   add LINK NEAR_NAMESPACE NEAR_INTERFACE FAR_NAMESPACE FAR_INTERFACE
///   remove LINK
///   LINK rate 20mbit/100mbit    "off" for unlimited
///   LINK queue 50ms | 64kB      longest wait, or bytes
///   LINK delay 10ms   jitter 5ms   loss 1%   bursts 1%,8   duplicate 1%   corrupt 1%   reorder 1%,5ms   mtu 1400
///   LINK trace FILE             Mahimahi format
///   LINK down | up              a black hole, and its end
///   LINK pause | resume         time stands still
///   LINK carrier off | on       the client's cable
///   LINK unplug | plug          the client's interface
///   LINK stats
/// ```
final class WanCommands {

    private final Map<String, EmulatedLink> links;
    private final BiFunction<Tap, Tap, EmulatedLink> opener;

    /// @param links where links are added and removed
    /// @param opener creates the interfaces and the link between them
    WanCommands(Map<String, EmulatedLink> links, BiFunction<Tap, Tap, EmulatedLink> opener) {
        this.links = links;
        this.opener = opener;
    }

    /// Runs one line and returns what it prints.
    String execute(String line, EmulatorLibc libc, long nowNs) {
        List<String> words = List.of(line.strip().split("\\s+"));
        if (words.getFirst().equals("add")) {
            expect(words, 6);
            if (links.containsKey(words.get(1))) {
                throw new IllegalArgumentException("there is a link " + words.get(1) + " already");
            }
            var near = new Tap(libc, words.get(2), words.get(3));
            var far = new Tap(libc, words.get(4), words.get(5));
            links.put(words.get(1), opener.apply(near, far));
            return "";
        }
        if (words.getFirst().equals("remove")) {
            expect(words, 2);
            link(words.get(1)).close();
            links.remove(words.get(1));
            return "";
        }
        if (words.size() < 2) {
            throw new IllegalArgumentException("cannot understand '" + line + "'");
        }
        EmulatedLink link = link(words.getFirst());
        return words.size() == 2 ? act(link, words.get(1), nowNs) : set(link, words, nowNs);
    }

    private static void expect(List<String> words, int count) {
        if (words.size() != count) {
            throw new IllegalArgumentException("expected " + count + " words: " + String.join(" ", words));
        }
    }

    private EmulatedLink link(String name) {
        EmulatedLink link = links.get(name);
        if (link == null) {
            throw new IllegalArgumentException("there is no link '" + name + "'");
        }
        return link;
    }

    private static String act(EmulatedLink link, String verb, long nowNs) {
        switch (verb) {
            case "down" -> link.cut(true, nowNs);
            case "up" -> link.cut(false, nowNs);
            case "pause" -> link.pause(true, nowNs);
            case "resume" -> link.pause(false, nowNs);
            case "unplug" -> link.plug(false, nowNs);
            case "plug" -> link.plug(true, nowNs);
            case "stats" -> {
                return "up " + link.up().counters() + " down " + link.down().counters();
            }
            default -> throw new IllegalArgumentException("there is no command '" + verb + "'");
        }
        return "";
    }

    private static String set(EmulatedLink link, List<String> words, long nowNs) {
        expect(words, 3);
        String value = words.get(2);
        if (words.get(1).equals("carrier")) {
            link.carrier(value.equals("on"), nowNs);
            return "";
        }
        String[] values = words.get(1).equals("trace") ? new String[] {value} : value.split("/", -1);
        reshape(link.up(), words.get(1), values[0]);
        reshape(link.down(), words.get(1), values[values.length - 1]);
        return "";
    }

    private static void reshape(EmulatedDirection direction, String key, String value) {
        LinkShape shape = direction.line().shape();
        direction.line().shape(changed(shape, key, value));
    }

    /// The shape with one property changed.
    static LinkShape changed(LinkShape shape, String key, String value) {
        return switch (key) {
            case "rate" ->
                value.equals("off")
                        ? shape.capacity(new Capacity.Unlimited())
                        : shape.capacity(new Capacity.Constant(Measures.bytesPerSecond(value)));
            case "queue" ->
                value.endsWith("B") ? shape.queueBytes(Measures.bytes(value)) : shape.queue(Measures.duration(value));
            case "delay" -> shape.delay(Measures.duration(value));
            case "jitter" -> shape.jitter(Measures.duration(value));
            case "loss" -> shape.loss(Measures.share(value));
            case "bursts" -> shape.loss(bursts(value));
            case "duplicate" -> shape.duplication(Measures.share(value));
            case "corrupt" -> shape.corruption(Measures.share(value));
            case "reorder" -> {
                String[] parts = pair(value);
                yield shape.reordering(Measures.share(parts[0]), Measures.duration(parts[1]));
            }
            case "mtu" -> shape.mtu(Integer.parseInt(value));
            case "trace" -> shape.trace(trace(Path.of(value)));
            default -> throw new IllegalArgumentException("there is no property '" + key + "'");
        };
    }

    private static Loss bursts(String value) {
        String[] parts = pair(value);
        return Loss.bursts(Measures.share(parts[0]), Double.parseDouble(parts[1]));
    }

    private static String[] pair(String value) {
        String[] parts = value.split(",", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("expected two values with a comma: " + value);
        }
        return parts;
    }

    private static DeliveryTrace trace(Path file) {
        try {
            return DeliveryTrace.parse(Files.readAllLines(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the trace " + file + ": " + e.getMessage(), e);
        }
    }
}
