package io.onebox.agent.cli;

import io.onebox.agent.cli.GlobalOptions.DurationConverter;
import io.onebox.agent.status.Samples;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `stats`: samples of throughput, round trip, jitter and loss.
@Command(name = "stats", description = "Print samples of throughput, round trip, jitter and loss.")
final class StatsCommand implements Runnable {

    private final Invocation invocation;

    @Option(names = "--follow", description = "Go on until Ctrl-C; with --json one object a line.")
    private boolean isFollowing;

    @Option(
            names = "--interval",
            paramLabel = "D",
            converter = DurationConverter.class,
            description = "Time between samples, 1s unless told otherwise.")
    private Duration interval = Samples.INTERVAL;

    @Option(
            names = "--last",
            paramLabel = "D",
            converter = DurationConverter.class,
            description = "The samples of the last while, at most 15m.")
    private @Nullable Duration last;

    StatsCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        if (last != null) {
            invocation.client().stream("/v1/stats?last=" + last.toSeconds(), this::print);
        }
        if (isFollowing) {
            invocation.client().stream("/v1/stats/stream?interval=" + interval.toMillis(), this::print);
        } else if (last == null) {
            print(invocation.client().request("GET", "/v1/stats", "").strip());
        }
    }

    private void print(String line) {
        invocation.print(invocation.options().json ? line : text(line));
    }

    /// A sample on one line.
    static String text(String json) {
        JsonObject sample = new JsonObject(Json.object(json).orElseThrow());
        List<String> parts = new ArrayList<>();
        parts.add(sample.textOrDash("time"));
        parts.add("rx " + Figures.rate(sample.number("rxBitsPerSecond")));
        parts.add("tx " + Figures.rate(sample.number("txBitsPerSecond")));
        for (JsonObject link : sample.objects("links")) {
            parts.add("%s %s rx %s tx %s rtt %s jitter %s loss %s"
                    .formatted(
                            link.textOrDash("name"),
                            link.textOrDash("state"),
                            Figures.rate(link.number("rxBitsPerSecond")),
                            Figures.rate(link.number("txBitsPerSecond")),
                            Figures.milliseconds(link.number("srttSeconds")),
                            Figures.milliseconds(link.number("jitterSeconds")),
                            Figures.percent(link.number("lossRatio"))));
        }
        for (JsonObject client : sample.objects("clients")) {
            parts.add("%s %s rx %s tx %s"
                    .formatted(
                            client.textOrDash("name"),
                            client.textOrDash("state"),
                            Figures.rate(client.number("rxBitsPerSecond")),
                            Figures.rate(client.number("txBitsPerSecond"))));
        }
        return String.join("  |  ", parts);
    }
}
