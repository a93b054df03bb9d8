package io.onebox.agent.cli;

import io.onebox.agent.cli.GlobalOptions.DurationConverter;
import io.onebox.agent.status.Samples;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `top`: the status, live; without a terminal a plain line a second.
@Command(name = "top", description = "Watch the agent live, until Ctrl-C.")
final class TopCommand implements Runnable {

    private static final String ENTER = "\u001b[?1049h\u001b[?25l";
    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_TO_END_OF_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final Invocation invocation;

    @Option(
            names = "--interval",
            paramLabel = "D",
            converter = DurationConverter.class,
            description = "Time between pictures, 1s unless told otherwise.")
    private Duration interval = Samples.INTERVAL;

    TopCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        if (!invocation.terminal().isInteractive() || invocation.options().json) {
            invocation.client().stream(
                    "/v1/stats/stream?interval=" + interval.toMillis(),
                    line -> invocation.print(invocation.options().json ? line : StatsCommand.text(line)));
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> write(LEAVE)));
        var screen = new StatusScreen(invocation.role().program(), invocation.palette());
        invocation.client().request("GET", "/v1/status", "");
        write(ENTER);
        while (!Thread.currentThread().isInterrupted()) {
            picture(screen.lines(invocation.fetch("/v1/status")));
            LockSupport.parkNanos(interval.toNanos());
        }
    }

    private void picture(List<String> lines) {
        var picture = new StringBuilder(HOME);
        lines.forEach(line -> picture.append(line).append(CLEAR_TO_END_OF_LINE).append('\n'));
        write(picture.append(CLEAR_BELOW).toString());
    }

    private void write(String text) {
        invocation.terminal().out().print(text);
        invocation.terminal().out().flush();
    }
}
